import mysql from "mysql2/promise";
import { expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { goesBackToSavepoint, statementRole } from "../../src/testing/execution/statement-role.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers("mariadb");

test.each([
  "set autocommit = 0",
  "/* pool */ set names utf8mb4",
  "-- pool\nset names utf8mb4",
  "set session transaction isolation level read committed",
  "set @t = 5, @u = @t + 1",
  "set @t = 'select for', @`with` = 2",
  "set /* select */ @t = 1",
  "set session sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES')",
  "set @@session.sql_mode = replace(@@sql_mode, 'ANSI', '')",
  "show tables",
  "show create table acc",
  "savepoint s",
  "use app",
  "set names utf8mb4; set autocommit = 1",
])("on MySQL a setting: %s", (sql) => {
  expect(statementRole(sql, "mysql")).toBe("setting");
});

test.each(["select 1", "select @@version as v;"])("on MySQL a question: %s", (sql) => {
  expect(statementRole(sql, "mysql")).toBe("question");
});

test.each([
  "set statement max_statement_time = 5 for select n from acc",
  "SET  STATEMENT max_statement_time = 5 FOR update acc set n = 1",
  "set @t = (select n from acc)",
  "set @t = (select n from acc where id = 1 for update)",
  "set @t := exists (select 1 from acc)",
  "# why\nset @t = (select n from acc)",
  "set @t = get_lock('a', 10)",
  "set @t = next_ticket ()",
  "set @t = `next_ticket`()",
  "set @t = app.next_ticket()",
  "set @t = /*!50000 (select n from acc) */",
  "set @t = /*M!100000 (select n from acc) */",
  "set names utf8mb4; set @t = (select n from acc)",
  "set global max_connections = 5",
  "set @@global.max_connections = 5",
  "show variables where variable_name = (select name from acc)",
  "select @@version from acc",
  "select 1 from acc",
  "begin not atomic update acc set n = 1; end",
  "start transaction with consistent snapshot",
])("on MySQL work: %s", (sql) => {
  expect(statementRole(sql, "mysql")).toBe("work");
});

test.each([
  ["/* a /* nested */ one */ begin", "begin"],
  ["/* begin */ update acc set n = 1", "work"],
  ["set local lock_timeout = '5s'", "setting"],
  ["set search_path to a, b", "setting"],
  ["set constraints all deferred", "setting"],
  ["set constraints all immediate", "work"],
  ["commit prepared 'a'", "work"],
  ["rollback prepared 'a'", "work"],
  ["rollback to s", "work"],
  ["commit", "commit"],
  ["rollback", "rollback"],
])("on PostgreSQL %s", (sql, role) => {
  expect(statementRole(sql, "postgres")).toBe(role);
});

test("going back to a savepoint is known behind comments, and no end", () => {
  expect(goesBackToSavepoint("-- back\n/* there */ rollback work to savepoint s")).toBe(true);
  expect(goesBackToSavepoint("rollback")).toBe(false);
});

const setup = `create table if not exists acc (id int primary key, n int); delete from acc; insert into acc values (1, 100)`;

test("statements with settings of their own are steps, and the race between them is found", async () => {
  const pool = mysql.createPool(servers[0]?.url ?? "");
  try {
    const limited = "set statement max_statement_time = 50 for ";
    const add = (amount: number) =>
      async function add(): Promise<void> {
        const [rows] = await pool.query(`${limited}select n from acc where id = 1`);
        const [{ n }] = rows as unknown as readonly [{ readonly n: number }];
        await pool.query(`${limited}update acc set n = ? where id = 1`, [n + amount]);
      };
    const result = await explore(pool, {
      setup,
      sessions: [add(1), add(10)],
      shrink: false,
      diagnose: false,
    });
    expect(result.valid).toBe(false);
  } finally {
    await pool.end();
  }
});

interface Connection {
  query(sql: string, params?: unknown): Promise<readonly [unknown, unknown]>;
}

test("a variable is set from a table in a step, which others come before and which may wait for a lock", async () => {
  const pool = mysql.createPool(servers[0]?.url ?? "");
  const onOne = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await pool.getConnection();
    try {
      return await work(connection);
    } finally {
      connection.release();
    }
  };
  try {
    const options = { setup, shrink: false, diagnose: false } as const;
    const ticket = (): Promise<unknown> =>
      onOne(async (connection) => {
        await connection.query("update acc set n = n + 1 where id = 1");
        await connection.query("set @t = (select n from acc where id = 1)");
        return (await connection.query("select @t as t"))[0];
      });
    const twice = await explore(pool, { ...options, sessions: [ticket, ticket] });
    expect(twice.valid).toBe(false);
    const add = (amount: number) => (): Promise<void> =>
      onOne(async (connection) => {
        await connection.query("start transaction");
        await connection.query("set @n = (select n from acc where id = 1 for update)");
        await connection.query("update acc set n = @n + ? where id = 1", [amount]);
        await connection.query("commit");
      });
    const locked = await explore(pool, { ...options, sessions: [1, 10].map(add) });
    expect(locked).toMatchObject({ valid: true, complete: true, notes: [] });
  } finally {
    await pool.end();
  }
});
