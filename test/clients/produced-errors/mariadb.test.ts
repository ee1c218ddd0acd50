import { describe, expect, test } from "vitest";

import { errorTable } from "../../../src/clients/mysql/errors.ts";
import { startMysql } from "../../../src/clients/servers/start-mysql.ts";
import { clock, failure, freshRun, serverOf, withDatabase, withSessions } from "../../support/databases.ts";
import { testProducedErrors } from "./harness.ts";
import { notProduced, themes } from "./mysql/themes.ts";

describe("the errors of MariaDB", () => {
  testProducedErrors({
    dialect: "mysql",
    table: errorTable,
    themes,
    notProduced,
    property: "errno",
    start: (settings) => startMysql({ settings }, clock, freshRun(), { insist: "mariadb" }),
  });
});

test("MariaDB's 4031 is no end of the session", async () => {
  await withDatabase(serverOf("mysql"), async (database) => {
    await database.execute(["create table t (id int)"]);
    await withSessions(database, "read-committed", 1, async (a) => {
      const sql = "create trigger one before insert on t for each row follows nowhere set @a = 1";
      expect((await failure(a.query(sql))).fields).toEqual({
        cause: "other",
        phase: "autocommit",
        outcome: "indeterminate",
        code: 4031,
        connectionLost: false,
      });
      await a.query("select 1");
    });
  });
});

test.each([
  ["1051", "drop table here, nowhere"],
  ["1451", "drop table here, parent"],
  ["1451", "/* a comment */ drop table here, parent"],
  ["1451", "/*! drop table here, parent */"],
  [
    "1062",
    "create or replace table here (id int primary key) engine = innodb select 1 as id union all select 1",
  ],
  [
    "1062",
    "-- a comment\nexecute immediate 'create or replace table here (id int primary key) select 1 as id union all select 1'",
  ],
])("what fails with %s after a part of it was done is in doubt: %s", async (code, sql) => {
  await withDatabase(serverOf("mysql"), async (database) => {
    await database.execute([
      "create table here (id int primary key) engine = innodb",
      "create table parent (id int primary key) engine = innodb",
      "create table child (id int references parent(id), foreign key (id) references parent(id)) engine = innodb",
    ]);
    await withSessions(database, "read-committed", 1, async (a) => {
      expect((await failure(a.query(sql))).fields).toMatchObject({
        code: Number(code),
        phase: "autocommit",
        outcome: "indeterminate",
      });
      expect((await a.query("show tables like 'here'")).rows).toEqual([]);
    });
  });
});
