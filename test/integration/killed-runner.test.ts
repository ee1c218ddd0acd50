import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import { startPostgres } from "../../src/clients/servers/start-postgres.ts";
import type { Server } from "../../src/clients/servers/server.ts";
import { realClock } from "../../src/clock/real-clock.ts";
import { loadHistory } from "../../src/history/load-history.ts";
import { freshToken } from "../../src/random/entropy.ts";
import { stream } from "../../src/random/rng.ts";
import { temporaryDirectory } from "../support/runs.ts";

const bin = resolve(import.meta.dirname, "../../dist/src/cli/main.js");
const kills = 50;

let server: Server;
beforeAll(async () => {
  server = await startPostgres({}, realClock(), freshToken(16));
});
afterAll(async () => {
  await server.stop();
});

test(
  `a runner killed ${kills} times leaves histories that load and miss no write`,
  { timeout: 300_000 },
  async () => {
    const clock = realClock();
    const rng = stream("killed-runner", "moments");
    const directory = temporaryDirectory();
    let elements = 0;
    for (let round = 0; round < kills; round++) {
      const out = join(directory, `${round}`);
      const history = join(out, "history.jsonl");
      const args = [bin, "run", "--url", server.url, "--workload", "register:naive", "--ops", "100000"];
      const runner = spawn(
        process.execPath,
        [...args, "--sessions", "8", "--think", "1ms", "--out", out, "--quiet"],
        {
          stdio: "ignore",
        },
      );
      const gone = new Promise((resolve) => runner.once("exit", resolve));
      while (lines(history) < 2) await clock.sleep(2);
      await clock.sleep(rng.float() * 300);
      runner.kill("SIGKILL");
      await gone;

      const seen = await elementsInDatabase(server.url);
      const loaded = await loadHistory(history);
      const invoked = new Set(invokedElements(history, loaded.history.length));
      expect(seen.filter((element) => !invoked.has(element))).toEqual([]);
      elements += seen.length;
    }
    expect(elements).toBeGreaterThan(kills);
  },
);

function lines(path: string): number {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
}

/** The elements of the first `count` operations' invocations, read without isolab's own parser. */
function invokedElements(path: string, count: number): readonly string[] {
  const operations = readFileSync(path, "utf8")
    .split("\n")
    .slice(1, 1 + count)
    .map((line) => JSON.parse(line) as { type: string; value: [string, unknown, string][] });
  return operations
    .filter(({ type }) => type === "invoke")
    .flatMap(({ value }) => value.filter(([kind]) => kind === "add").map(([, , element]) => element));
}

/** Every element in the namespace that the killed runner left, once its sessions are gone. */
async function elementsInDatabase(url: string): Promise<readonly string[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const others =
      "select 1 from pg_stat_activity where pid <> pg_backend_pid() and application_name like 'isolab%'";
    while ((await client.query(others)).rows.length > 0) await realClock().sleep(5);
    const schemas = await client.query<{ nspname: string }>(
      "select nspname from pg_namespace where nspname like 'isolab\\_%'",
    );
    const [schema, ...more] = schemas.rows;
    if (schema === undefined || more.length > 0) throw new Error("exactly one namespace should be left");
    const table = `"${schema.nspname}".model_versions`;
    const rows = await client.query<{ artifact_uri: string }>(`select artifact_uri from ${table}`);
    return rows.rows.map((row) => row.artifact_uri);
  } finally {
    await client.end();
  }
}
