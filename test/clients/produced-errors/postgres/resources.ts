import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import type { Database } from "../../../../src/clients/database.ts";
import { serverAccount } from "../../../../src/clients/servers/account.ts";
import { failure, freshRun, withSessions } from "../../../support/databases.ts";
import {
  beginMarked,
  exhausted,
  expectNothingLeft,
  failedCommit,
  type Produced,
  type Theme,
} from "../provocation.ts";
import { noSmallDisk, smallDisk } from "../small-disk.ts";
import { deferred, refuses } from "./refuses.ts";

/** Limits of a server that has little of everything. */
export const resources: Theme = {
  name: "limits",
  settings: { max_connections: "12", max_locks_per_transaction: "10", max_worker_processes: "0" },
  provocations: [
    {
      code: "53100",
      how: "a table on a file system that is full",
      obstacle: noSmallDisk,
      provoke: async ({ database }) => {
        const disk = smallDisk();
        const tablespace = `small_${freshRun()}`;
        try {
          await database.execute([
            `create tablespace ${tablespace} location '${tablespaceIn(disk.path)}'`,
            "create table marker (id int)",
            `create table t (x text) tablespace ${tablespace}`,
          ]);
          const produced = await fill(database);
          await database.execute(["drop table t", `drop tablespace ${tablespace}`]);
          return produced;
        } finally {
          disk.release();
        }
      },
    },
    refuses("53200", {
      how: "more locks than `max_locks_per_transaction` makes room for",
      sql: "select count(pg_advisory_xact_lock(g)) from generate_series(1, 100000) g",
    }),
    refuses("53400", {
      how: "a sort that needs more than `temp_file_limit`",
      session: ["set temp_file_limit = '64kB'", "set work_mem = '64kB'"],
      sql: "select count(*) from (select g from generate_series(1, 30000) g order by -g offset 1) s",
    }),
    refuses("54001", {
      how: "a function that calls itself for ever",
      session: ["set max_stack_depth = '100kB'"],
      setup: ["create function deeper() returns int language plpgsql as $$ begin return deeper(); end $$"],
      sql: "select deeper()",
    }),
    {
      code: "53300",
      how: "one session more than `max_connections`",
      provoke: async ({ database }) => [
        { error: await exhausted(() => database.connect("read-committed")), phase: "connect" },
      ],
    },
  ],
};

/** The folder for a tablespace must be empty and belong to the server's account. */
function tablespaceIn(disk: string): string {
  const path = join(disk, "tablespace");
  const { uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0 } = serverAccount() ?? {};
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, uid, gid);
  return path;
}

/** Writes more into `t` than there is room for. */
async function fill(database: Database): Promise<readonly Produced[]> {
  const sql = "insert into t select repeat('x', 1000) from generate_series(1, 20000)";
  return withSessions(database, "read-committed", 2, async (a, observer) => {
    const alone = await failure(a.query(sql));
    await beginMarked(a);
    const inside = await failure(a.query(sql));
    await a.rollback();
    await database.execute(deferred(sql));
    const atCommit = await failedCommit(a, observer);
    expect((await observer.query("select count(*) as n from t")).rows).toEqual([{ n: 0 }]);
    await expectNothingLeft(observer);
    return [
      { error: alone, phase: "autocommit" },
      { error: inside, phase: "statement" },
      { error: atCommit, phase: "commit" },
    ];
  });
}
