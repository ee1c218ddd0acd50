import mysql from "mysql2/promise";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import { raceServers } from "../support/race-servers.ts";

// Two sessions that meet in one table although their statements do not name the same: no order of theirs may be left out.

const servers = raceServers();

type Rows = readonly Readonly<Record<string, unknown>>[];
type Ask = (sql: string, params?: readonly unknown[]) => Promise<Rows>;

let postgres: pg.Pool;
let mariadb: mysql.Pool;

beforeAll(() => {
  const urlOf = (kind: string): string => servers.find((server) => server.kind === kind)?.url ?? "";
  postgres = new pg.Pool({ connectionString: urlOf("postgres") });
  mariadb = mysql.createPool(urlOf("mariadb"));
});

afterAll(async () => {
  await postgres.end();
  await mariadb.end();
});

const askPostgres: Ask = async (sql, params) =>
  (await postgres.query<Rows[number]>(sql, params as unknown[])).rows;
const askMariadb: Ask = async (sql, params) => (await mariadb.query(sql, params as unknown[]))[0] as Rows;

/**
 * Executes every order of a statement and of code that goes on after another one. Around both are statements that do
 * not meet, as operations that begin or end do not change places.
 */
function everyOrder(
  ask: Ask,
  setup: string,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<RaceResult> {
  const within = async <T>(pad: string, work: () => Promise<T>): Promise<T> => {
    await ask(`insert into ${pad} values (1)`);
    const value = await work();
    await ask(`insert into ${pad} values (2)`);
    return value;
  };
  return explore(ask === askPostgres ? postgres : mariadb, {
    strategy: "exhaustive",
    shrink: false,
    diagnose: false,
    setup: `drop table if exists pad_a; drop table if exists pad_b; create table pad_a (x int); create table pad_b (x int);
      ${setup}`,
    sessions: [
      async function first() {
        await within("pad_a", one);
        return null;
      },
      function second() {
        return within("pad_b", other);
      },
    ],
  });
}

/** Orders of a statement on `log` and of code on `cnt`: 35 where none is left out. */
function leavesOut(ask: Ask, setup: string): Promise<RaceResult> {
  return everyOrder(
    ask,
    setup,
    () => ask("insert into log values (1)"),
    addNaively(ask, "cnt", "where id = 1"),
  );
}

/** Adds to a table's `n` by reading it and writing the sum. */
function addNaively(ask: Ask, table: string, where = "") {
  return async function add(): Promise<void> {
    const [row] = await ask(`select n from ${table}`);
    const sum = Number(row?.n) + 10;
    await ask(`update ${table} set n = ${ask === askPostgres ? "$1" : "?"} ${where}`, [sum]);
  };
}

/** Whether two readings in a row answer the same. */
function readTwice(ask: Ask, sql: string) {
  return async function read(): Promise<boolean> {
    return JSON.stringify(await ask(sql)) === JSON.stringify(await ask(sql));
  };
}

describe("PostgreSQL", () => {
  const clean =
    "drop table if exists cnt, cnt_1, log, doc, member, pair, day_1 cascade; drop sequence if exists sq cascade; create table log (x int); ";
  const cnt = `${clean} create table cnt (id int primary key, n int); insert into cnt values (1, 0)`;

  test.each([
    [
      "a partition, by its parent",
      `${clean} create table cnt (id int primary key, n int) partition by list (id);
       create table cnt_1 partition of cnt for values in (1); insert into cnt values (1, 0)`,
      "update cnt set n = n + 1",
      "cnt_1",
    ],
    [
      "a table that inherits, by its parent",
      `${clean} create table cnt (id int, n int); create table cnt_1 () inherits (cnt); insert into cnt_1 values (1, 0)`,
      "update cnt set n = n + 1",
      "cnt_1",
    ],
    [
      "a rule",
      `${cnt}; create rule r as on insert to log do also update cnt set n = n + 1`,
      "insert into log values (0)",
      "cnt",
    ],
    ["DO with a string", cnt, "do 'begin update cnt set n = n + 1; end'", "cnt"],
    ["a name of code points", cnt, `update U&"c!006et" uescape '!' set n = n + 1`, "cnt"],
    ["a comment in a comment", cnt, "/* /* */ don't */ update cnt set n = n + 1 where 'a' = 'a'", "cnt"],
  ])("meets the other session: %s", async (_, setup, one, other) => {
    const result = await everyOrder(
      askPostgres,
      setup,
      () => askPostgres(one),
      addNaively(askPostgres, other),
    );
    expect(result.valid).toBe(false);
  });

  test.each([
    [
      "the sequence of a column",
      `${clean} create table doc (id serial primary key)`,
      "insert into doc default values",
      "select last_value, is_called from doc_id_seq",
    ],
    [
      "tables of what there is",
      cnt,
      "create table day_1 (id int)",
      "select relname from pg_class where relname = 'day_1'",
    ],
  ])("meets the other session: %s", async (_, setup, one, question) => {
    const result = await everyOrder(
      askPostgres,
      setup,
      () => askPostgres(one),
      readTwice(askPostgres, question),
    );
    expect(result.valid).toBe(false);
  });

  test("meets the other session: a sequence of two tables", async () => {
    const next = async (): Promise<number> =>
      Number((await askPostgres("insert into pair default values returning id"))[0]?.id);
    const result = await everyOrder(
      askPostgres,
      `${clean} create sequence sq; create table doc (id int default nextval('sq'));
       create table pair (id int default nextval('sq'))`,
      () => askPostgres("insert into doc default values"),
      async () => -(await next()) + (await next()),
    );
    expect(result.valid).toBe(false);
  });

  test("meets the other session: a statement that was prepared from a text", async () => {
    const result = await everyOrder(
      askPostgres,
      cnt,
      async () => {
        const client = await postgres.connect();
        try {
          await client.query("prepare bump as update cnt set n = n + 1");
          await client.query("execute bump");
          await client.query("deallocate bump");
        } finally {
          client.release();
        }
      },
      addNaively(askPostgres, "cnt"),
    );
    expect(result.valid).toBe(false);
  });

  test("meets the other session: a row security policy", async () => {
    const result = await everyOrder(
      askPostgres,
      `${clean} create table doc (id int, owner text); create table member (name text);
       insert into doc values (1, 'ann'); alter table doc enable row level security;
       create policy p on doc using (owner in (select name from member)); grant all on doc, member to public;
       do $$ begin if not exists (select from pg_roles where rolname = 'app') then create role app; end if; end $$`,
      () => askPostgres("insert into member values ('ann')"),
      async () => {
        const client = await postgres.connect();
        try {
          await client.query("set role app");
          const counts = [];
          for (let i = 0; i < 2; i++) counts.push((await client.query("select * from doc")).rows.length);
          await client.query("reset role");
          return counts[0] === counts[1];
        } finally {
          client.release();
        }
      },
    );
    expect(result.valid).toBe(false);
  });

  test("meets the other session: a table that was not there before", async () => {
    const result = await everyOrder(
      askPostgres,
      clean,
      async () => {
        await askPostgres("create table if not exists day_1 (id int primary key, n int)");
        await askPostgres("insert into day_1 values (1, 0) on conflict do nothing");
        await askPostgres("update day_1 set n = n + 1");
      },
      async () => {
        await askPostgres("create table if not exists day_1 (id int primary key, n int)");
        await askPostgres("insert into day_1 values (1, 0) on conflict do nothing");
        return readTwice(askPostgres, "select n from day_1")();
      },
    );
    expect(result.valid).toBe(false);
  });

  test("orders of statements that do not meet are left out still", async () => {
    const result = await leavesOut(askPostgres, cnt);
    expect(result).toMatchObject({ valid: true, complete: true });
    expect(result.schedules).toBeLessThan(12);
  });
});

describe("MariaDB", () => {
  const clean = "drop table if exists cnt, log, doc; drop sequence if exists sq; create table log (x int); ";
  const cnt = `${clean} create table cnt (id int primary key, n int); insert into cnt values (1, 0)`;

  test.each([
    ["EXECUTE IMMEDIATE", "execute immediate 'update cnt set n = n + 1'"],
    ["SET STATEMENT", "set statement max_statement_time = 50 for update cnt set n = n + 1"],
  ])("meets the other session: %s", async (_, one) => {
    const result = await everyOrder(askMariadb, cnt, () => askMariadb(one), addNaively(askMariadb, "cnt"));
    expect(result.valid).toBe(false);
  });

  test.each([
    [
      "a sequence of a column",
      `${clean} create sequence sq nocache; create table doc (id int primary key default nextval(sq))`,
      "insert into doc values ()",
    ],
    [
      "the next value of a sequence",
      `${clean} create sequence sq nocache`,
      "insert into log select next value for sq",
    ],
  ])("meets the other session: %s", async (_, setup, one) => {
    const question = "select next_not_cached_value from sq";
    const result = await everyOrder(
      askMariadb,
      setup,
      () => askMariadb(one),
      readTwice(askMariadb, question),
    );
    expect(result.valid).toBe(false);
  });

  test("orders of statements that do not meet are left out still", async () => {
    const result = await leavesOut(askMariadb, cnt);
    expect(result).toMatchObject({ valid: true, complete: true });
    expect(result.schedules).toBeLessThan(12);
  });
});
