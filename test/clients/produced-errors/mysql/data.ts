import { expect } from "vitest";

import { failure, withSessions } from "../../../support/databases.ts";
import { expectNothingLeft, type Theme } from "../provocation.ts";
import { marker, refuses } from "./refuses.ts";

const wide = ["create table t (d date, v varchar(2), n int) engine = innodb"];

/** What is wrong with a statement, its values or its names. */
export const data: Theme = {
  name: "statements and data",
  provocations: [
    refuses("1264", {
      how: "a number that its column cannot hold",
      sql: "insert into marker values (1), (99999999999)",
    }),
    refuses("1292", {
      how: "a text that is no date",
      setup: wide,
      sql: "insert into t (d) values ('2020-01-01'), ('x')",
    }),
    refuses("1365", {
      how: "division by zero under `ERROR_FOR_DIVISION_BY_ZERO`",
      sql: "insert into marker values (1), (1 / 0)",
    }),
    refuses("1366", { how: "a text that is no number", sql: "insert into marker values (1), ('x')" }),
    refuses("1406", {
      how: "a text that its column cannot hold",
      setup: wide,
      sql: "insert into t (v) values ('ab'), ('abc')",
    }),
    refuses("1690", { how: "a sum beyond BIGINT", sql: "select 9223372036854775807 + 1" }),
    refuses("1242", {
      how: "a subquery with two rows where one is meant",
      sql: "select (select 1 union select 2)",
    }),
    refuses("1136", { how: "more values than columns", sql: "insert into marker values (1, 2)" }),
    refuses("1052", {
      how: "a column that two tables have",
      sql: "select id from marker a join marker b on true",
    }),
    refuses("1305", { how: "a function that is not there", sql: "select no_such_function()" }),
    refuses("1644", {
      how: "SIGNAL in a trigger",
      setup: [
        "create trigger refusal after insert on marker for each row begin if new.id = 2 then signal sqlstate '45000' set message_text = 'no'; end if; end",
      ],
      sql: "insert into marker values (1), (2)",
    }),
    refuses("1064", { how: "a misspelt keyword", sql: "selec 1" }),
    refuses("1146", { how: "a table that is not there", sql: "insert into nowhere values (1)" }),
    refuses("1054", { how: "a column that is not there", sql: "select nothing from marker" }),
    refuses("1050", {
      how: "a table that is there already",
      commits: true,
      sql: "create table marker (id int)",
    }),
    refuses("1061", {
      how: "an index that is there already",
      setup: ["create index i on marker (id)"],
      commits: true,
      sql: "create index i on marker (id)",
    }),
    {
      code: "1792",
      how: "a write in a read-only transaction",
      provoke: async ({ database }) => {
        await database.execute([marker]);
        return withSessions(database, "read-committed", 2, async (a, observer) => {
          await a.query("set session transaction read only");
          const alone = await failure(a.query("insert into marker values (1)"));
          await a.begin("read-committed");
          const inside = await failure(a.query("insert into marker values (1)"));
          await a.rollback();
          await expectNothingLeft(observer);
          return [
            { error: alone, phase: "autocommit" },
            { error: inside, phase: "statement" },
          ];
        });
      },
    },
    {
      code: "1051",
      how: "DROP TABLE of one table that is there and one that is not: the first one is gone",
      provoke: async ({ database }) => {
        await database.execute(["create table here (id int) engine = innodb"]);
        return withSessions(database, "read-committed", 1, async (a) => {
          const error = await failure(a.query("drop table here, nowhere"));
          expect((await a.query("show tables like 'here'")).rows).toEqual([]);
          return [{ error, phase: "autocommit" }];
        });
      },
    },
    {
      code: "1146",
      how: "RENAME TABLE of one table that is there and one that is not: neither is renamed",
      provoke: async ({ database }) => {
        await database.execute(["create table here (id int) engine = innodb"]);
        return withSessions(database, "read-committed", 1, async (a) => {
          const error = await failure(a.query("rename table here to there, nowhere to elsewhere"));
          await a.query("select * from here");
          return [{ error, phase: "autocommit" }];
        });
      },
    },
  ],
};
