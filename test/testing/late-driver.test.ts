import { cpSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type pg from "pg";
import { expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { startServer } from "../../src/testing/start-server.ts";
import { temporaryDirectory } from "../support/runs.ts";

const modules = resolve(import.meta.dirname, "../../node_modules");

/** `pg` and what it needs, as another application has it: nobody has loaded this copy yet. */
function otherCopy(): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "node_modules"));
  for (const name of [
    "pg",
    "pg-pool",
    "pg-protocol",
    "pg-types",
    "pg-connection-string",
    "pgpass",
    "split2",
    "postgres-array",
    "postgres-bytea",
    "postgres-date",
    "postgres-interval",
    "pg-int8",
    "xtend",
  ])
    cpSync(join(modules, name), join(directory, "node_modules", name), { recursive: true });
  return directory;
}

test.each([true, false])(
  "a copy of the driver that the code loads when it first runs is taken step by step too (serial orders: %s)",
  async (serializable) => {
    await using server = await startServer("postgres");
    const require = createRequire(join(otherCopy(), "app.js"));
    let pool: pg.Pool | undefined;
    const connected = (): pg.Pool => {
      const driver = require("pg") as typeof pg;
      pool ??= new driver.Pool({ connectionString: server.url });
      return pool;
    };
    const add = async (): Promise<void> => {
      const { rows } = await connected().query<{ n: number }>("select n from counters");
      await connected().query("update counters set n = $1", [(rows[0]?.n ?? 0) + 1]);
    };
    try {
      const result = await explore(server.url, {
        setup:
          "drop table if exists counters; create table counters (n int not null); insert into counters values (0)",
        sessions: [add, add],
        serializable,
        invariant: async (query) => (await query("select n from counters")).rows[0]?.n === 2,
      });
      expect(result.finding).toMatchObject({ kind: "invariant", statements: 4, switches: 2 });
    } finally {
      await pool?.end();
    }
  },
);
