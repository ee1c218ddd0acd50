import mysql from "mysql2/promise";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceDatabase } from "../../src/testing/race-target.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

const setup = `
  drop table if exists acc;
  drop table if exists log;
  create table acc (id int primary key, n int not null);
  create table log (n int not null);
  insert into acc values (1, 0)`;

type Send = (sql: string) => Promise<readonly Record<string, unknown>[]>;

interface Pool {
  readonly database: RaceDatabase;
  readonly on: <T>(work: (send: Send) => Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

function openPool(kind: "postgres" | "mariadb"): Pool {
  const url = servers.find((server) => server.kind === kind)?.url ?? "";
  if (kind === "postgres") {
    const pool = new pg.Pool({ connectionString: url });
    pool.on("error", () => undefined);
    return {
      database: pool,
      on: async (work) => {
        const client = await pool.connect();
        try {
          return await work(async (sql) => {
            const answer = (await client.query(sql)) as pg.QueryResult | pg.QueryResult[];
            return (Array.isArray(answer) ? answer.at(-1) : answer)?.rows as Record<string, unknown>[];
          });
        } finally {
          client.release();
        }
      },
      close: () => pool.end(),
    };
  }
  const pool = mysql.createPool({ uri: url, multipleStatements: true });
  return {
    database: pool,
    on: async (work) => {
      const connection = await pool.getConnection();
      try {
        return await work(async (sql) => (await connection.query(sql))[0] as Record<string, unknown>[]);
      } finally {
        connection.release();
      }
    },
    close: () => pool.end(),
  };
}

/** Adds one under a lock; in between it sends what would commit itself if no transaction were open. */
const adds =
  ({ on }: Pool, begin: readonly string[], ...end: readonly string[]) =>
  () =>
    on(async (send) => {
      for (const sql of begin) await send(sql);
      const [row] = await send("select n from acc where id = 1 for update");
      await send("insert into log select n from acc where id = 1");
      await send(`update acc set n = ${Number(row?.n) + 1} where id = 1`);
      for (const sql of end) await send(sql);
    });

describe.each([
  {
    kind: "postgres" as const,
    openings: [
      ["begin; set local lock_timeout = '5s'"],
      ["begin; set transaction isolation level read committed"],
      ["begin", "commit and chain"],
    ],
  },
  {
    kind: "mariadb" as const,
    openings: [
      ["start transaction with consistent snapshot"],
      ["begin; set @x = 1"],
      ["begin; select 1"],
      ["begin", "commit and chain"],
      ["set autocommit = false"],
      ["set @@session.autocommit = off"],
      ["set names utf8mb4, autocommit = 0"],
      ["lock tables acc write, log write"],
      ["xa start 'a'"],
    ],
  },
])("a transaction of a session's on $kind", ({ kind, openings }) => {
  let pool: Pool;
  beforeAll(() => {
    pool = openPool(kind);
  });
  afterAll(() => pool.close());

  const held = (sessions: readonly (() => unknown)[]): Promise<RaceResult> =>
    explore(pool.database, { setup, sessions, schedules: 12, diagnose: false, timeLimitMs: 20_000 });

  test.each(openings)("that is begun by %s is left to its code", async (...begin) => {
    const xa = begin[0]?.startsWith("xa") === true;
    const id = (number: number): string[] => (xa ? [`xa start 's${number}'`] : [...begin]);
    const end = (number: number): string[] =>
      xa
        ? [`xa end 's${number}'`, `xa commit 's${number}' one phase`]
        : begin[0]?.startsWith("lock") === true
          ? ["unlock tables"]
          : begin[0]?.includes("autocommit") === true
            ? ["commit", "set autocommit = 1"]
            : ["commit"];
    const result = await held([adds(pool, id(1), ...end(1)), adds(pool, id(2), ...end(2))]);
    expect(result.report).toMatch(/^No race found/);
    expect(result.report).not.toContain("by itself");
  });

  test("that ends within another statement's text has ended", async () => {
    const add = (): Promise<void> =>
      pool.on(async (send) => {
        await send("begin");
        const [row] = await send("select n from acc where id = 1 for update");
        await send(`update acc set n = ${Number(row?.n) + 1} where id = 1; commit`);
      });
    expect((await held([add, add])).valid).toBe(true);
  });

  test.each(
    kind === "postgres"
      ? ["begin; set local lock_timeout = '5s'"]
      : ["start transaction with consistent snapshot", "lock tables acc write"],
  )("that is begun by %s and left open is noticed", async (begin) => {
    const leak = (): Promise<void> =>
      pool.on(async (send) => {
        await send(begin);
        await send("select n from acc where id = 1");
      });
    await expect(held([leak, () => pool.on((send) => send("select n from acc"))])).rejects.toThrow(
      /left a transaction open/,
    );
  });
});

test("a transaction that only its own words can end does not outlast its schedule", async () => {
  const pool = openPool("mariadb");
  const leave = (name: string) => (): Promise<void> =>
    pool.on(async (send) => {
      await send(`xa start '${name}'`);
      await send("update acc set n = n + 1 where id = 1");
      throw new Error("there is no xa rollback");
    });
  try {
    const { valid } = await explore(pool.database, {
      setup,
      sessions: [leave("a"), leave("b")],
      diagnose: false,
      timeLimitMs: 20_000,
    }).catch(() => ({ valid: "refused" }));
    expect(valid).not.toBe(false);
  } finally {
    await pool.close();
  }
});

test("a question in a transaction of PostgreSQL takes its snapshot, and is a step", async () => {
  const pool = openPool("postgres");
  const move = (): Promise<void> =>
    pool.on(async (send) => {
      await send("insert into log values (1)");
      await send("insert into log values (-1)");
    });
  const sum = (): Promise<unknown> =>
    pool.on(async (send) => {
      await send("begin isolation level repeatable read");
      await send("select 1");
      const [row] = await send("select sum(n) as s from log");
      await send("commit");
      return row?.s;
    });
  try {
    const { valid } = await explore(pool.database, { setup, sessions: [sum, move], diagnose: false });
    expect(valid).toBe(false);
  } finally {
    await pool.close();
  }
});

test("a procedure that waits for a lock behind another one is not called twice", async () => {
  const pool = openPool("mariadb");
  const setup = async (query: (sql: string) => Promise<unknown>): Promise<void> => {
    for (const sql of [
      "create or replace table acc (id int primary key, n int)",
      "insert into acc values (1, 0)",
      "create or replace table log (m varchar(9))",
      `create or replace procedure inc(w varchar(9))
        begin insert into log values (w); update acc set n = n + 1 where id = 1; end`,
    ])
      await query(sql);
  };
  const call = (word: string) => (): Promise<unknown> => pool.on((send) => send(`call inc('${word}')`));
  const update = (): Promise<void> =>
    pool.on(async (send) => {
      await send("start transaction");
      await send("update acc set n = n + 1 where id = 1");
      await send("commit");
    });
  try {
    const { valid, report } = await explore(pool.database, {
      setup,
      sessions: [update, call("b"), call("c")],
      diagnose: false,
    });
    expect(valid, report).not.toBe(false);
  } finally {
    await pool.on((send) => send("drop procedure inc"));
    await pool.close();
  }
});
