import mysql from "mysql2/promise";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceOptions } from "../../src/testing/race-options.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import type { Send } from "../support/access.ts";
import { accounts, usualCases, valueOf, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

/** A query of so many numbers from 0, in a column `n`. */
function numbers(count: number): string {
  const digits = Array.from({ length: 10 }, (_, n) => `select ${n} as n`).join(" union all ");
  return `select x.n + 10 * y.n + 100 * z.n as n from (${digits}) as x, (${digits}) as y, (${digits}) as z where x.n + 10 * y.n + 100 * z.n < ${count}`;
}

/** Two read a number and write it plus one. */
function losing(query: Send, table: string): readonly (() => Promise<void>)[] {
  return [1, 2].map(
    () =>
      async function hit() {
        const { rows } = await query(`select n from ${table} where id = 1`);
        await query(`update ${table} set n = $1 where id = 1`, [Number(rows[0]?.n) + 1]);
      },
  );
}

function race(way: RaceCase, options: (query: Send) => RaceOptions): Promise<RaceResult> {
  return withAccess(way, (app) => explore(app.database, { diagnose: false, ...options(app.query) }));
}

describe.each(usualCases(servers))("where tables are looked for: $name on $kind", (way) => {
  test("a schema or database that is written out", async () => {
    const result = await race(way, (query) => ({
      setup: `create schema if not exists shop; drop table if exists shop.stock;
              create table shop.stock (id int primary key, n int); insert into shop.stock values (1, 0)`,
      sessions: losing(query, "shop.stock"),
    }));
    expect(result.valid).toBe(false);
    expect(result.finding?.message).toContain("shop.stock.n of the row id=1: 1 here; 2 after");
  });

  test("a schema or database that a stored view names", async () => {
    const result = await race(way, (query) => ({
      setup: async (ask) => {
        for (const sql of [
          "create schema if not exists shop",
          "create table if not exists shop.kept (id int primary key, n int)",
          "delete from shop.kept",
          "insert into shop.kept values (1, 0)",
          "create or replace view kept as select * from shop.kept",
        ])
          await ask(sql);
      },
      sessions: losing(query, "kept"),
    }));
    expect(result.valid).toBe(false);
  });

  test("other schemas or databases are left alone", async () => {
    const result = await race(way, (query) => ({
      setup: async (ask) => {
        await ask("create schema if not exists others");
        await ask("create table if not exists others.noise (n int)");
        await ask("insert into others.noise values (1)");
      },
      sessions: [1, 2].map(
        () => async () => (await query("select 1 + 1 as two from (select 1 as one) as t")).rows,
      ),
    }));
    expect(result.notes.join()).not.toMatch(/noise/);
  });

  test("a table that is too large is told of, and nothing is known where it is written", async () => {
    const setup = `drop table if exists big; create table big (id int primary key, n int);
      insert into big select a.n * 1000 + b.n, 0 from (${numbers(11)}) as a, (${numbers(1000)}) as b`;
    const written = await race(way, (query) => ({ setup, sessions: losing(query, "big"), schedules: 4 }));
    expect(written.valid).toBe("unknown");
    expect(written.notes.join()).toMatch(/big has more than 10000 rows.*though the functions may write it/);
    const read = await race(way, (query) => ({
      setup,
      sessions: [1, 2].map(() => async () => (await query("select n from big where id = 1")).rows[0]?.n),
      schedules: 4,
    }));
    expect(read).toMatchObject({
      valid: true,
      notes: ["big has more than 10000 rows and was not compared."],
    });
  });

  test("a time near to now that is written is told of", async () => {
    const result = await race(way, (query) => ({
      setup: `drop table if exists big; drop table if exists lease; create table lease (id int primary key, until timestamp null);
              insert into lease values (1, now())`,
      sessions: [1, 2].map((hours) => async () => {
        await query("select until from lease");
        await query(`update lease set until = now() + interval '${hours}' hour`);
      }),
    }));
    expect(result).toMatchObject({
      valid: true,
      notes: [
        "lease.until was not compared: a time near to now. That an update of it is lost takes an `invariant`.",
      ],
    });
  });

  test("a table that is made only when two overlap", async () => {
    const result = await race(way, (query) => ({
      setup: `drop table if exists late; ${accounts}`,
      sessions: [1, 2].map(() => async () => {
        const before = await valueOf(query, 1);
        await query("update account set value = value + 1 where id = 1");
        if ((await valueOf(query, 1)) > before + 1) await query("create table late (n int)");
      }),
    }));
    expect(result.valid).toBe("unknown");
    expect(result.notes.join()).toMatch(/late was not compared.*Make it in the set-up/);
  });

  test("a table that the functions make", async () => {
    const result = await race(way, (query) => ({
      setup: "drop table if exists day",
      sessions: losing(query, "day").map((hit) => async () => {
        await query("create table if not exists day as select 1 as id, 0 as n");
        await hit();
      }),
      strategy: "random",
    }));
    expect(result.valid).toBe(false);
  });
});

test("a pool with a search path of its own", async () => {
  const pool = new pg.Pool({ connectionString: servers[0]!.url, options: "-c search_path=app" });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const query: Send = async (sql, params = []) => {
    const { rows } = await pool.query<Record<string, unknown>>(sql, [...params]);
    return { rows, affected: 0 };
  };
  const setup = `create schema if not exists app; drop table if exists app.stock;
                 create table app.stock (id int primary key, n int); insert into app.stock values (1, 10)`;
  const result = await explore(pool, { setup, sessions: losing(query, "stock"), diagnose: false });
  expect(result.finding?.message).toContain(" stock.n of the row id=1: 11 here; 12 after");
  const ignored = await explore(pool, { setup, sessions: losing(query, "stock"), ignore: ["stock.n"] });
  expect(ignored.valid).toBe(true);
});

test("a search path that a transaction sets", async () => {
  const pool = new pg.Pool({ connectionString: servers[0]!.url });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const hit = async (): Promise<void> => {
    const client = await pool.connect();
    await client.query("begin");
    await client.query("set local search_path to tenant");
    const { rows } = await client.query<{ n: number }>("select n from stock");
    await client.query("update stock set n = $1", [rows[0]!.n + 1]);
    await client.query("commit");
    client.release();
  };
  const setup = `create schema if not exists tenant; drop table if exists tenant.stock;
                 create table tenant.stock as select 0 as n`;
  expect((await explore(pool, { setup, sessions: [hit, hit], diagnose: false })).valid).toBe(false);
});

test.each<[sql: string, params: readonly unknown[]]>([
  ["select set_config('search_path', 'tenant_' || $1, true)", ["1"]],
  ["do $$ begin perform set_config('search_path', 'tenant_' || 1, true); end $$", []],
  ["select enter_tenant($1)", [1]],
])("a search path that is put together: %s", async (sql, params) => {
  const pool = new pg.Pool({ connectionString: servers[0]!.url });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const hit = async (): Promise<void> => {
    const client = await pool.connect();
    await client.query("begin");
    await client.query(sql, [...params]);
    const { rows } = await client.query<{ n: number }>("select n from held");
    await client.query("update held set n = $1", [rows[0]!.n + 1]);
    await client.query("commit");
    client.release();
  };
  const setup = `create schema if not exists tenant_1; drop table if exists tenant_1.held;
                 create table tenant_1.held as select 0 as n;
                 create or replace function enter_tenant(n int) returns void language plpgsql as
                   $$ begin perform set_config('search_path', 'tenant_' || n, true); end $$;`;
  const result = await explore(pool, { setup, sessions: [hit, hit], diagnose: false });
  expect(result.finding?.message).toContain("of tenant_1.held:");
});

test("a search path that is put together only when two overlap", async () => {
  const pool = new pg.Pool({ connectionString: servers[0]!.url });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const query: Send = async (sql, params = []) => {
    const { rows, rowCount } = await pool.query<Record<string, unknown>>(sql, [...params]);
    return { rows, affected: rowCount ?? 0 };
  };
  const hit = async (): Promise<void> => {
    const before = await valueOf(query, 1);
    await query("update account set value = value + 1 where id = 1");
    if ((await valueOf(query, 1)) === before + 1) return;
    const client = await pool.connect();
    await client.query("begin");
    await client.query("select set_config('search_path', 'apart_' || $1, true)", ["1"]);
    await client.query("update held set n = n + 1");
    await client.query("commit");
    client.release();
  };
  const setup = `create schema if not exists apart_1; drop table if exists apart_1.held;
                 create table apart_1.held as select 0 as n; ${accounts}`;
  const result = await explore(pool, { setup, sessions: [hit, hit], diagnose: false });
  expect(result.valid).toBe("unknown");
  expect(result.notes.join()).toContain("What is in apart_1 was not compared");
});

test("a pool of another database than the race's", async () => {
  const url = new URL(servers[1]!.url);
  const control = await mysql.createConnection(url.href);
  await control.query("create database if not exists elsewhere");
  await control.end();
  const pool = mysql.createPool({ uri: url.href, database: "elsewhere" });
  onTestFinished(() => pool.end());
  const query: Send = async (sql, params = []) => {
    const [rows] = await pool.query(sql.replaceAll(/\$\d/g, "?"), [...params]);
    return { rows: rows as Record<string, unknown>[], affected: 0 };
  };
  const setup = `create table if not exists elsewhere.t (id int primary key, n int); delete from elsewhere.t;
                 insert into elsewhere.t values (1, 0)`;
  const result = await explore(url.href, { setup, sessions: losing(query, "t"), diagnose: false });
  expect(result.valid).toBe(false);
});

test("a materialized view that the functions refresh", async () => {
  const pool = new pg.Pool({ connectionString: servers[0]!.url });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const put = (n: number) => async (): Promise<void> => {
    await pool.query("insert into part values ($1)", [n]);
    await pool.query("refresh materialized view whole");
    await pool.query("delete from part where n = $1", [n]);
  };
  const setup = `drop table if exists part cascade; create table part (n int primary key);
                 create materialized view whole as select count(*) as n from part;
                 drop materialized view if exists hollow; create materialized view hollow as select 1 as n with no data`;
  const result = await explore(pool, { setup, sessions: [put(1), put(2)], diagnose: false });
  expect(result.valid).toBe(false);
  expect(result.finding?.message).toContain("whole");
});

test.each([
  ["insert into ticket (id, no) values ($1, $2)", true],
  ["update ticket set id = $1, no = $2 where id = 0", true],
  ["update ticket set id = $1 where no = $2 - 1", false],
])("a counted column that the functions set by themselves is told of: %s", async (sql, isTold) => {
  const pool = new pg.Pool({ connectionString: servers[0]!.url });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const sell = (id: number) => async (): Promise<void> => {
    const { rows } = await pool.query<{ n: number }>("select max(no) as n from ticket");
    await pool.query(sql, [id, Number(rows[0]?.n) + 1]);
  };
  const setup = `drop table if exists ticket; create table ticket (id int primary key, no serial); insert into ticket values (0, 1)`;
  const result = await explore(pool, { setup, sessions: [sell(1), sell(2)], schedules: 1 });
  expect(result.notes.join().includes("ticket.no was not compared")).toBe(isTold);
});
