import { expect } from "vitest";

import { startMysql } from "../../../../src/clients/servers/start-mysql.ts";
import { clock, failure, freshRun, withSessions } from "../../../support/databases.ts";
import { beginMarked, expectNothingLeft, type Produced, type Theme } from "../provocation.ts";
import { noSmallDisk, smallDisk } from "../small-disk.ts";
import { marker } from "./refuses.ts";
import { withSessionAt } from "./session-at.ts";

/** Room that is used up. */
export const resources: Theme = {
  name: "room",
  provocations: [
    {
      code: "1114",
      how: "a table on a file system that is full",
      obstacle: noSmallDisk,
      provoke: async ({ database }) => {
        const disk = smallDisk();
        try {
          await database.execute([
            marker,
            `create table t (id int primary key auto_increment, x varchar(1000)) engine = innodb data directory = '${disk.path}'`,
          ]);
          // Short records: MariaDB 10.11 aborts when a BLOB finds no room.
          const sql = "insert into t (x) select repeat('x', 1000) from seq_1_to_20000";
          const produced = await withSessions(database, "read-committed", 2, async (a, observer) => {
            const alone = await failure(a.query(sql));
            await beginMarked(a);
            const inside = await failure(a.query(sql));
            await a.rollback();
            await expectNothingLeft(observer);
            expect((await observer.query("select count(*) as n from t")).rows).toEqual([{ n: 0 }]);
            return [
              { error: alone, phase: "autocommit" as const },
              { error: inside, phase: "statement" as const },
            ];
          });
          await database.execute(["drop table t"]);
          return produced;
        } finally {
          disk.release();
        }
      },
    },
    {
      code: "1836",
      how: "a write to InnoDB's own statistics on a server that runs with `innodb_read_only`",
      provoke: () => readOnly("insert into mysql.innodb_table_stats select * from mysql.innodb_table_stats"),
    },
  ],
};

async function readOnly(sql: string): Promise<readonly Produced[]> {
  const server = await startMysql({ settings: { "innodb-read-only": "ON" } }, clock, freshRun(), {
    insist: "mariadb",
  });
  try {
    return await withSessionAt(server.url, undefined, async (a) => {
      const alone = await failure(a.query(sql));
      await a.begin("read-committed");
      const inside = await failure(a.query(sql));
      return [
        { error: alone, phase: "autocommit" },
        { error: inside, phase: "statement" },
      ];
    });
  } finally {
    await server.stop();
  }
}
