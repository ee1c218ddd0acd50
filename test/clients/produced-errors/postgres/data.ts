import { failure, withSessions } from "../../../support/databases.ts";
import { beginMarked, type Theme } from "../provocation.ts";
import { raising, refuses } from "./refuses.ts";

/** What is wrong with a statement, its values, its names or its transaction. */
export const data: Theme = {
  name: "statements and data",
  provocations: [
    refuses("22012", {
      how: "division by zero",
      sql: "insert into marker select 1 / (g - 2) from generate_series(1, 2) g",
    }),
    refuses("22003", {
      how: "a number that its column cannot hold",
      sql: "insert into marker select 9999999999",
    }),
    refuses("21000", {
      how: "a subquery with two rows where one is meant",
      sql: "select (select g from generate_series(1, 2) g)",
    }),
    refuses("42601", { how: "a misspelt keyword", sql: "selec 1" }),
    refuses("42P01", { how: "a table that is not there", sql: "insert into nowhere values (1)" }),
    refuses("42703", { how: "a column that is not there", sql: "select nothing from marker" }),
    refuses("42883", { how: "a function that is not there", sql: "select no_such_function()" }),
    refuses("42P07", { how: "a table that is there already", sql: "create table marker (id int)" }),
    refuses("42710", {
      how: "a constraint that is there already",
      setup: ["create table t (id int constraint c check (true))"],
      sql: "alter table t add constraint c check (true)",
    }),
    refuses("42501", {
      how: "a write to a catalog",
      sql: "alter table pg_catalog.pg_class add column x int",
    }),
    refuses("3F000", {
      how: "a table in a schema that is not there",
      sql: "create table nowhere.t (id int)",
    }),
    refuses("0A000", { how: "a table of another database", sql: "select * from nowhere.public.t" }),
    refuses("55000", {
      how: "`currval` of a sequence that the session has not used",
      setup: ["create sequence s"],
      sql: "select currval('s')",
    }),
    refuses("P0001", {
      how: "RAISE EXCEPTION",
      setup: [raising("P0001")],
      sql: "select raising()",
    }),
    refuses("40002", {
      how: "RAISE with this ERRCODE, since the server itself never answers it",
      setup: [raising("40002")],
      sql: "select raising()",
    }),
    refuses("40003", {
      how: "RAISE with this ERRCODE, since the server itself never answers it",
      setup: [raising("40003")],
      sql: "select raising()",
    }),
    refuses("25006", {
      how: "a write in a read-only transaction",
      setup: [
        `create function forbidden() returns void language plpgsql as $$ begin
           perform set_config('transaction_read_only', 'on', true); insert into marker values (1); end $$`,
      ],
      sql: "select forbidden()",
    }),
    refuses("25001", { how: "VACUUM inside a transaction", alone: false, sql: "vacuum marker" }),
    {
      code: "25P02",
      how: "a statement after one that failed; COMMIT is answered with ROLLBACK then",
      provoke: async ({ database }) => {
        await database.execute(["create table marker (id int)"]);
        return withSessions(database, "read-committed", 1, async (a) => {
          await beginMarked(a);
          await failure(a.query("select 1/0"));
          const error = await failure(a.query("select 1"));
          await a.rollback();
          return [{ error, phase: "statement" }];
        });
      },
    },
    {
      code: "08P01",
      how: "fewer parameters than the statement has places for: an ERROR that leaves the session as it is",
      provoke: async ({ database }) =>
        withSessions(database, "read-committed", 1, async (a) => {
          const error = await failure(a.query("select $1::int, $2::int", [1]));
          await a.query("select 1");
          return [{ error, phase: "autocommit", cause: "connection-exception" }];
        }),
    },
    {
      code: "08006",
      how: "CREATE SUBSCRIPTION to a publisher that is not there: an ERROR about a connection of the server's own",
      provoke: async ({ database }) =>
        withSessions(database, "read-committed", 1, async (a) => {
          const sql =
            "create subscription nowhere connection 'host=127.0.0.1 port=1 connect_timeout=5' publication nothing";
          const error = await failure(a.query(sql));
          await a.query("select 1");
          return [{ error, phase: "autocommit", cause: "connection-exception" }];
        }),
    },
  ],
};
