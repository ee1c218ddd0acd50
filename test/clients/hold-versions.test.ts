import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Server } from "../../src/clients/servers/server.ts";
import { ownServers } from "../runner/interleaved/support.ts";
import { clock, createAccounts, withDatabase, withSessions } from "../support/databases.ts";

const queries = {
  postgres: {
    sessions: "select pid as id from pg_stat_activity where backend_type = 'client backend'",
    holds:
      "select count(*) as n from pg_stat_activity where backend_xmin is not null and state = 'idle in transaction' and pid = $1",
  },
  mariadb: {
    sessions: "select id from information_schema.processlist",
    holds: "select count(*) as n from information_schema.innodb_trx where trx_mysql_thread_id = $1",
  },
};

// Nobody else opens sessions on a server of the file's own.
describe.each(ownServers)("who watches $kind", ({ kind, start }) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });

  test.each([
    ["keeps old versions of rows, from then on and again from the next time", "ours", 1],
    ["keeps none on a server that is not ours", "not ours", 0],
  ])("%s", async (_, whose, expected) => {
    await withDatabase(
      { ...server, dialect: kind === "postgres" ? "postgres" : "mysql" },
      async (database) => {
        await createAccounts(database);
        await withSessions(database, "read-committed", 1, async (a) => {
          const sessions = async (): Promise<readonly unknown[]> =>
            (await a.query(queries[kind].sessions)).rows.map(({ id }) => id);
          const before = await sessions();
          const watcher = await database.watch(whose === "ours" ? server : null);
          try {
            const [opened] = (await sessions()).filter((id) => !before.includes(id));
            for (let round = 0; round < 3; round++) {
              await watcher.holdVersions();
              // InnoDB renews its list of transactions ten times a second.
              await clock.sleep(150);
              expect(Number((await a.query(queries[kind].holds, [opened])).rows[0]?.n)).toBe(expected);
              // It answers, and is in nobody's way.
              expect(await watcher.waiting([a.sessionId])).toEqual(new Set());
              await database.empty(["account"]);
            }
          } finally {
            await watcher.close();
          }
        });
      },
    );
  });
});
