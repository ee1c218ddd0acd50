import pg from "pg";
import mysql from "mysql2/promise";
import { describe, expect, test } from "vitest";

import type { Dialect } from "../../src/clients/database.ts";
import { explore } from "../../src/testing/explore-race.ts";
import { isOpaque, readsAndWrites as readsAndWritesBy } from "../../src/testing/execution/lone-statement.ts";
import { raceServers } from "../support/race-servers.ts";

const readsAndWrites = (sql: string, dialect: Dialect, reachesFurther = false): boolean =>
  readsAndWritesBy(sql, dialect, reachesFurther, () => [["id"], ["uuid"]]);

const servers = raceServers();

const both: readonly Dialect[] = ["postgres", "mysql"];

describe.each(both)("on %s", (dialect) => {
  test.each([
    "insert into t select * from u",
    "/* app */ insert into t select * from u",
    "-- app\ninsert into t select * from u",
    "insert/**/into t/* a */(a)/* b */select/**/a from u",
    "insert into t values ((select max(n) from t) + 1)",
    "insert into t (a) values (1) returning (select count(*) from u)",
    "insert into t with x as (select 1) select * from x",
    "insert into t table u",
    "update t set n = (select max(n) from u) where id = 1",
    "update t set n = 1 where id in (select id from u)",
    "update t set n = 1 where exists (select 1 from u)",
    "delete from t where id in (select id from u)",
    "delete/* from */ from t where id = (select 1)",
    "with x as (select * from u) update t set n = 1",
    "with x as (delete from u returning *) insert into t table x",
    "merge into t using u on t.id = u.id when matched then delete",
    "update t set grp = 2 where grp = 1",
    "update t set n = 1, taken = true where not taken",
    "explain analyze update t set n = (select 1)",
    "update t set hits = hits + 1",
    "update t set n = 1 where color = 'white'",
    "update t set color = 'white' where tenant = 7 and color = 'black'",
    "update t set color = 'white' where 1 = 1 and color = 'black'",
    "update t set n = 1 where id = 1 or n = 2",
    "update t set n = 1 where not id = 1",
    "update t set n = 1 where not (id = 1 and n = 2)",
    "update t set n = 1 where id > 1",
    "update t set n = 1 where id in (1, 2)",
    "update t set n = 1 where id = other",
    "update t set id = 2 where id = 1",
    "update t set n = 1 where n between 1 and id = 5",
    "delete from t",
    "delete from t where hits = 10",
    "delete from t where id in (1, n)",
    "delete from t where id not in (1, 2)",
  ])("reads and writes: %s", (sql) => {
    expect(readsAndWrites(sql, dialect)).toBe(true);
  });

  test.each([
    "insert into t values (1, 'select from join using table')",
    "insert into t values (1, 'it''s; select from')",
    "/* select * from u */ insert into t values (1)",
    "insert into t values (1) -- select * from u\n",
    "insert into t values (1) returning id",
    "update t set n = n + 1 where id = 1",
    "update t set n = n - 10 where id = 1 and n >= 10",
    "update t set n = 'a, b' where id = 1",
    "delete from t where id = 1",
    "update t set n = 1 where (((id = 1) and (n = 2 or n = 3)))",
    "update t set n = 1 where t.id = 1 and n is null",
    "update t as a set n = 1 where 1 = 1 and a.ID = 'x'",
    "explain analyze update t set n = 1 where id in (1)",
    "delete from t where id in (1, 2)",
    "select * from t",
    "select * from t for update",
    "with x as (select * from t) select * from x for update",
    "explain insert into t select * from u",
    "insert into t select 1; select 1",
    "begin",
  ])("does not: %s", (sql) => {
    expect(readsAndWrites(sql, dialect)).toBe(false);
  });

  test("what calls triggers or functions may read more than it names", () => {
    for (const sql of [
      "insert into t values (1)",
      "update t set n = 1 where id = 1",
      "delete from t where id = 1",
    ])
      expect(readsAndWrites(sql, dialect, true)).toBe(true);
    expect(readsAndWrites("select count(*) from t", dialect, true)).toBe(false);
  });

  test.each([
    "call f()",
    "/* a */ call f()",
    "update t set n = 1; update u set n = 2",
    "select n from t where id = 1; select n from t where id = 2",
    "begin; table t; select count(*) from t; commit",
  ])("opaque: %s", (sql) => {
    expect(isOpaque(sql, dialect)).toBe(true);
  });

  test("a call of a function of the user's is opaque, where there are such", () => {
    for (const sql of [
      "select book(1)",
      "/* a */ select app.book (1) as x",
      "select now_and_then(1)",
      "select 'x' as x, book(1) as s",
      "select date(at), book(id) from t",
      "select * from t where n = book(1)",
      "update t set n = book(n) where id = 1",
      "insert into t (id, n) values (1, app.book(1))",
      "with x (a) as (select book(1)) select * from x",
      "set @n = 1; select book(1)",
    ]) {
      expect(isOpaque(sql, dialect, true)).toBe(true);
      expect(isOpaque(sql, dialect)).toBe(false);
    }
    for (const sql of [
      "select count(*) from t",
      "select now()",
      "select * from t",
      "select date(at), coalesce(max(id), 0) from t where n in (1, 2) and (n > 1)",
      "insert into t (id, n) values (1, 2)",
      "insert into app.t(id) select id from u",
      "insert into t (id) values (1) on conflict (id) do update set n = 1",
      "insert into t (id) values (1) on duplicate key update n = values(n)",
      "with x (a) as (select 1), y (b) as (select 2) select * from x, y",
      "select cast(a as varchar(9)), b::numeric(9, 2) from t as u (a, b)",
      "create table t (id int primary key, n numeric(9, 2))",
    ])
      expect(isOpaque(sql, dialect, true)).toBe(false);
  });

  test.each([
    "insert into t values ('call; do')",
    "update t set n = 1;",
    "select 1; select 2",
    "set x = 1; select n from t where a = 'select from'; select 1;",
  ])("not opaque: %s", (sql) => {
    expect(isOpaque(sql, dialect)).toBe(false);
  });
});

describe("on PostgreSQL alone", () => {
  test.each([
    "/* a /* b */ c */ insert into t select * from u",
    "update t set n = u.n from u where u.id = t.id",
    "delete from t using u where u.id = t.id",
    "explain (analyze, costs off) insert into t select * from u",
    "insert into t values ($$ ; $$, (select 1))",
    "update t set n = v.n from (values (1, 2)) as v (id, n) where v.id = t.id",
    "create table t as select * from u",
    "select * into t from u",
    "execute bump",
    "update t set n = 1 where id = $1::int is not true",
    "update t set n = 1 where id = any ($1)",
  ])("reads and writes: %s", (sql) => {
    expect(readsAndWrites(sql, "postgres")).toBe(true);
  });

  test.each([
    'update "from" set "select" = 1 where id = 1',
    "insert into t values (E'it\\'s', 'select')",
    "insert into t values ($$ select * from u $$)",
    "create table t (id int)",
    'update "public"."t" set "n" = $1 where ("public"."t"."id" = $2 and 1=1) returning "id"',
    "delete from only t where id = $1::uuid;",
  ])("does not: %s", (sql) => {
    expect(readsAndWrites(sql, "postgres")).toBe(false);
  });

  test("a function of the user's may write, one of PostgreSQL's does not", () => {
    expect(readsAndWrites("select book($1)", "postgres", true)).toBe(true);
    expect(readsAndWrites("select pg_sleep(1), now(), count(*) from t", "postgres", true)).toBe(false);
  });

  test("DO is opaque", () => {
    expect(isOpaque("/* a */ do 'begin end'", "postgres")).toBe(true);
    expect(isOpaque("do sleep(1)", "mysql")).toBe(false);
  });
});

describe("on MySQL alone", () => {
  test.each([
    "# app\ninsert into t select * from u",
    "replace into t select * from u",
    "replace t table u",
    "insert /*! ignore */ into t select * from u",
    "/*!50000 insert into t select * from u */",
    "insert into t /*M!100000 select * from u */",
    "set statement max_statement_time = 5 for insert into t select * from u",
    "analyze format = json update t set n = (select 1)",
    "update t, u set t.n = u.n where t.id = u.id",
    "update t join u on t.id = u.id set t.n = 1",
    "update t join (values (1, 2)) v on 1 = 1 set t.n = 1",
    "delete t, u from t join u on t.id = u.id",
    "delete t from t, u where t.id = u.id",
    "delete from t using t join u on t.id = u.id",
    "insert into t set n = (select 1)",
    "update jobs set taken = 1 where taken = 0 order by id limit 1",
    "update t set n = 1 where id = 1 || n = 2",
    "update t set n = 1 where id = 1 /*M! or n = 2 */",
  ])("reads and writes: %s", (sql) => {
    expect(readsAndWrites(sql, "mysql")).toBe(true);
  });

  test.each([
    "update `from` set `select` = 1 where id = 1",
    'insert into t values ("it\'s a select from u")',
    String.raw`insert into t values ('it\'s', ' select from')`,
    "insert into t values (1) on duplicate key update n = n + 1",
    "replace into t values (1, 2)",
    "update t set n = 1 where id = 1 order by id limit 1",
    "delete low_priority quick ignore from t where id = 1 limit 1",
    "create table t as select * from u",
    "select * from t into @n",
    "update ignore `shop`.`t` set `n` = ? where `id` = ?",
  ])("does not: %s", (sql) => {
    expect(readsAndWrites(sql, "mysql")).toBe(false);
  });

  test("what is executed from a text is opaque", () => {
    expect(isOpaque("execute immediate 'call f()'", "mysql")).toBe(true);
    expect(isOpaque("set statement max_statement_time = 5 for call f()", "mysql")).toBe(true);
  });
});

describe("where keys are known", () => {
  const keysOf = (table: string) => (table === "seat" ? [["row", "no"], ["code"]] : []);

  test.each([
    ["update seat set who = 'a' where code = 'x'", false],
    ["update shop.Seat as s set who = 'a' where s.Code = 'x' and who is null", false],
    ["update seat set who = 'a' where no = 1 and row = 2", false],
    ["delete from seat where no = 1 and row in (1, 2)", false],
    ["update seat set who = 'a' where no = 1", true],
    ["update seat set no = 2 where no = 1 and row = 2", true],
    ["update seat set who = 'a' where id = 1", true],
    ["update other set n = 1 where code = 'x'", true],
  ])("%s reads and writes: %s", (sql, expected) => {
    for (const dialect of both) expect(readsAndWritesBy(sql, dialect, false, keysOf)).toBe(expected);
  });
});

describe("two statements that commit themselves overlap", () => {
  const white = "update marble set colour = 'white' where tenant = 7 and colour = 'black'";
  const black = "update marble set colour = 'black' where tenant = 7 and colour = 'white'";
  test.each([
    ["though they ask for another column too", white, black],
    [
      "where one chooses rows by what the other sets",
      "update marble set hits = hits + 1",
      "delete from marble where hits = 10",
    ],
  ])("%s", async (_, one, other) => {
    const pool = new pg.Pool({ connectionString: servers.find(({ kind }) => kind === "postgres")?.url });
    try {
      const send = (sql: string) => async (): Promise<unknown> => (await pool.query(sql)).rowCount;
      const result = await explore(pool, {
        setup: `drop table if exists marble;
          create table marble (id int primary key, tenant int, colour text, hits int);
          insert into marble values (1, 7, 'black', 9), (2, 7, 'white', 10)`,
        sessions: [send(one), send(other)],
        shrink: false,
        diagnose: false,
      });
      expect(result.valid).toBe(false);
    } finally {
      await pool.end();
    }
  });

  test("where a trigger looks whether there is another row", async () => {
    const pool = new pg.Pool({ connectionString: servers.find(({ kind }) => kind === "postgres")?.url });
    try {
      const book = (who: string) =>
        async function book(): Promise<void> {
          await pool.query("insert into booking values ($1)", [who]);
        };
      const result = await explore(pool, {
        setup: `drop table if exists booking;
          create table booking (who text);
          create or replace function one_only() returns trigger language plpgsql as $$
            begin
              if exists (select 1 from booking) then raise exception 'taken'; end if;
              return new;
            end $$;
          create trigger one_only before insert on booking for each row execute function one_only()`,
        sessions: [book("ann"), book("bob")],
        shrink: false,
        diagnose: false,
      });
      expect(result.valid).toBe(false);
    } finally {
      await pool.query("drop function if exists one_only cascade");
      await pool.end();
    }
  });

  test("where they choose rows by what they set", async () => {
    const pool = new pg.Pool({ connectionString: servers.find(({ kind }) => kind === "postgres")?.url });
    try {
      const move = (from: number, to: number) =>
        async function move(): Promise<void> {
          await pool.query("update marble set colour = $2 where colour = $1", [from, to]);
        };
      const result = await explore(pool, {
        setup: `drop table if exists marble; create table marble (id int primary key, colour int);
          insert into marble values (1, 1), (2, 2)`,
        sessions: [move(1, 2), move(2, 1)],
        shrink: false,
        diagnose: false,
      });
      expect(result.valid).toBe(false);
    } finally {
      await pool.end();
    }
  });

  test("behind a comment and settings of their own", async () => {
    const pool = mysql.createPool(servers.find(({ kind }) => kind === "mariadb")?.url ?? "");
    try {
      const book = (who: string) =>
        async function book(): Promise<void> {
          await pool.query(
            `set statement max_statement_time = 50 for /* app */ insert into booking
             select ? from dual where not exists (select 1 from booking)`,
            [who],
          );
        };
      const result = await explore(pool, {
        isolation: "read committed",
        setup: "drop table if exists booking; create table booking (who text)",
        sessions: [book("ann"), book("bob")],
        shrink: false,
        diagnose: false,
      });
      expect(result.valid).toBe(false);
    } finally {
      await pool.end();
    }
  });

  test("where a function of the user's looks and writes", async () => {
    const pool = new pg.Pool({ connectionString: servers.find(({ kind }) => kind === "postgres")?.url });
    try {
      const book = (who: string) =>
        async function book(): Promise<unknown> {
          return (await pool.query("select book_seat($1)", [who])).rows;
        };
      const result = await explore(pool, {
        setup: `drop table if exists booking; create table booking (who text);
          create or replace function book_seat(who text) returns boolean language plpgsql as $$
            begin
              if exists (select 1 from booking) then return false; end if;
              insert into booking values (who);
              return true;
            end $$`,
        sessions: [book("ann"), book("bob")],
        shrink: false,
        diagnose: false,
      });
      expect(result.valid).toBe(false);
    } finally {
      await pool.query("drop function if exists book_seat");
      await pool.end();
    }
  });
});

describe("what asks several questions in one go leaves open whether these are all schedules", () => {
  test.each([
    [
      "several statements in one text",
      "select balance from acc where id = 1; select balance from acc where id = 2",
    ],
    ["a call behind something else", "select 'x' as x, total() as s"],
  ])("%s", async (_, sql) => {
    const pool = new pg.Pool({ connectionString: servers.find(({ kind }) => kind === "postgres")?.url });
    try {
      const transfer = async (): Promise<void> => {
        const client = await pool.connect();
        await client.query("begin");
        await client.query("update acc set balance = balance - 10 where id = 1");
        await client.query("update acc set balance = balance + 10 where id = 2");
        await client.query("commit");
        client.release();
      };
      const sum = async (): Promise<unknown> => {
        const answer = (await pool.query(sql)) as pg.QueryResult | readonly pg.QueryResult[];
        return [answer].flat().map(({ rows }) => rows as unknown);
      };
      const result = await explore(pool, {
        setup: `drop function if exists total; drop table if exists acc;
          create table acc (id int primary key, balance int); insert into acc values (1, 50), (2, 50);
          create function total() returns int language plpgsql as $$
            declare a int; b int;
            begin
              select balance into a from acc where id = 1;
              select balance into b from acc where id = 2;
              return a + b;
            end $$`,
        sessions: [sum, transfer],
        strategy: "exhaustive",
        shrink: false,
        diagnose: false,
      });
      expect(result.complete).not.toBe(true);
      expect(result.notes).toContainEqual(expect.stringContaining("does several things in one go"));
    } finally {
      await pool.query("drop function if exists total");
      await pool.end();
    }
  });
});

test("a write by any key of the table is one step", async () => {
  const pool = new pg.Pool({ connectionString: servers.find(({ kind }) => kind === "postgres")?.url });
  try {
    const bump = (column: string) => async (): Promise<void> => {
      await pool.query(`update seat set n = n + 1 where ${column} = 'x'`);
    };
    const setup = `drop table if exists seat; create table seat (code text unique, note text, n int);
      insert into seat values ('x', 'x', 0)`;
    const steps = async (column: string): Promise<number> =>
      (
        await explore(pool, {
          setup,
          sessions: [bump(column), bump(column)],
          strategy: "exhaustive",
          diagnose: false,
        })
      ).schedules;
    expect(await steps("code")).toBeLessThan(await steps("note"));
  } finally {
    await pool.end();
  }
});

test("what a function has written before its caller threw may be there for good: unknown, and no race", async () => {
  const pool = mysql.createPool(servers.find(({ kind }) => kind === "mariadb")?.url ?? "");
  try {
    const book = (who: string) =>
      async function book(): Promise<boolean> {
        const [rows] = await pool.query("select * from seat");
        if ((rows as readonly unknown[]).length > 0) return false;
        await pool.query("select note(?)", [who]);
        await pool.query("insert into seat values (1, ?)", [who]);
        return true;
      };
    const result = await explore(pool, {
      strategy: "exhaustive",
      setup: async (query) => {
        for (const sql of [
          "drop function if exists note",
          "drop table if exists seat, noted",
          "create table noted (who varchar(9))",
          "create table seat (no int primary key, who varchar(9))",
          "create function note(w varchar(9)) returns int modifies sql data begin insert into noted values (w); return 1; end",
        ])
          await query(sql);
      },
      sessions: [book("ann"), book("bob")],
      shrink: false,
      diagnose: false,
    });
    expect(result).toMatchObject({ valid: "unknown", complete: false });
    expect(result.notes).toContainEqual(expect.stringContaining("does several things in one go"));
    expect(result.notes).toContainEqual(expect.stringContaining("had become permanent"));
  } finally {
    await pool.end();
  }
});
