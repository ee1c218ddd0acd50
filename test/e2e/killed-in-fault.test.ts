import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { describe, expect, test, type TestContext } from "vitest";

import { startMysql } from "../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../src/clients/servers/start-postgres.ts";
import { nemeses } from "../../src/nemesis/catalogue.ts";
import { freshToken } from "../../src/random/entropy.ts";
import { createSandbox } from "../clients/servers/sandbox.ts";
import { bin, isolab } from "../support/cli.ts";
import { clock } from "../support/databases.ts";

/** Mount points below a folder. */
function mountsIn(path: string): readonly string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((mount) => mount.startsWith(path));
}

const struck = '"process":"nemesis","type":"invoke"';

/** Waits until the history says that a fault is going on. @returns false when the run ended before */
async function untilStruck(history: string, ended: () => boolean): Promise<boolean> {
  while (!ended()) {
    if (existsSync(history) && readFileSync(history, "utf8").includes(struck)) return true;
    await clock.sleep(5);
  }
  return false;
}

/** Starts a run, and kills it a moment after a fault has begun. */
async function killedOnceStruck(args: readonly string[], out: string, TMPDIR: string): Promise<void> {
  const runner = spawn(process.execPath, [bin, ...args, "--quiet"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, TMPDIR },
  });
  let said = "";
  runner.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const gone = once(runner, "exit");
  expect(await untilStruck(join(out, "history.jsonl"), () => runner.exitCode !== null), said).toBe(true);
  await clock.sleep(100);
  runner.kill("SIGKILL");
  await gone;
}

const cannotMount = process.getuid?.() === 0 ? undefined : "mounting a small disk takes root";

/** There is nothing of these to be undone. */
const instantaneous = /^(?:kill-(?!server)|cancel-|deadlock|reset-|lose-)/;

/** One database each, in turns: what is undone is ours, and the same on both. */
const lasting = nemeses.filter(({ name }) => !instantaneous.test(name));
const cases = lasting.map((nemesis, number) => {
  const kind = (["postgres", "mariadb"] as const)[number % 2] ?? "postgres";
  return { nemesis, kind: nemesis.databases.includes(kind) ? kind : "postgres" } as const;
});

describe.concurrent("a runner that is killed in the middle of a fault leaves nothing", () => {
  test.for(cases.map(({ nemesis, kind }) => [nemesis.name, kind, nemesis] as const))(
    "%s on %s",
    { timeout: 180_000 },
    async ([name, kind, { needs }], context: TestContext) => {
      if (needs.includes("small-disk") && cannotMount !== undefined) context.skip(cannotMount);
      const sandbox = createSandbox();
      context.onTestFinished(() => {
        sandbox.remove();
      });
      const out = join(mkdtempSync(join(tmpdir(), "isolab-killed-")), "run");
      context.onTestFinished(() => {
        rmSync(dirname(out), { recursive: true, force: true });
      });
      const timing = ["--nemesis-interval", "300ms", "--nemesis-duration", "1m", "--time-limit", "2m"];
      const args = ["run", "--db", kind, "--workload", "append", "--nemesis", name, ...timing];
      await killedOnceStruck([...args, "--out", out], out, sandbox.path);
      expect(await sandbox.emptied(60_000)).toEqual([]);
      expect(mountsIn(sandbox.path)).toEqual([]);
    },
  );
});

// The server is the user's: what a dead run left on it is undone by the next one.
test.each([
  ["postgres", "long-lock", () => startPostgres({}, clock, freshToken(16))],
  ["postgres", "lock-timeout", () => startPostgres({}, clock, freshToken(16))],
  ["mariadb", "long-lock", () => startMysql({}, clock, freshToken(16), { insist: "mariadb" })],
  ["mariadb", "idle-in-transaction", () => startMysql({}, clock, freshToken(16), { insist: "mariadb" })],
] as const)(
  "on a %s that is not ours the next run undoes what %s left",
  { timeout: 120_000 },
  async (kind, nemesis, start) => {
    const directory = mkdtempSync(join(tmpdir(), "isolab-killed-"));
    const server = await start();
    try {
      const url = ["--url", server.url, "--workload", "append"];
      const out = join(directory, "killed");
      const timing = ["--nemesis-interval", "200ms", "--nemesis-duration", "1m", "--time-limit", "2m"];
      await killedOnceStruck(["run", ...url, "--nemesis", nemesis, ...timing, "--out", out], out, directory);
      expect(await namespacesOf(server.url, kind)).toHaveLength(1);
      const { code, stderr } = await isolab(["run", ...url, "--ops", "20", "--out", join(directory, "next")]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(await namespacesOf(server.url, kind)).toEqual([]);
    } finally {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

/** Names of the schemas or databases that runs have on a server, read without isolab. */
async function namespacesOf(url: string, kind: "postgres" | "mariadb"): Promise<readonly string[]> {
  const sql = "select schema_name as name from information_schema.schemata where schema_name like 'isolab%'";
  if (kind === "postgres") {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
    } finally {
      await client.end();
    }
  }
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query(sql);
    return (rows as { name: string }[]).map(({ name }) => name);
  } finally {
    await connection.end();
  }
}
