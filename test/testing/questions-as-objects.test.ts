import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";

// ORMs give `pg` a statement as an object, with a callback or without one, and `pg` writes into it.

const pool = new pg.Pool({ connectionString: inject("postgresUrl") });

beforeAll(async () => {
  await pool.query("create table question_counters (id int primary key, n int not null)");
});

afterAll(async () => {
  await pool.query("drop table question_counters");
  await pool.end();
});

const read = {
  text: "select n from question_counters where id = $1",
  values: [1],
  rowMode: "array" as const,
};

async function increment(): Promise<number> {
  const { rows } = await pool.query<[number]>(read);
  const n = (rows[0]?.[0] ?? 0) + 1;
  await new Promise<void>((resolve, reject) => {
    const write = { text: "update question_counters set n = $1 where id = $2", values: [n, 1] };
    pool.query(write, (error) => {
      // pg's callback is given nothing, or an error.
      if ((error as Error | undefined) === undefined) resolve();
      else reject(error);
    });
  });
  return n;
}

test("a statement given as an object is carried out, and a time limit leaves a finding its report", async () => {
  const result = await explore(pool, {
    setup: "truncate question_counters; insert into question_counters values (1, 0)",
    sessions: [increment, increment],
    invariant: {
      "both count": async (query, endings) => {
        expect(endings.map(({ type }) => type)).toEqual(["returned", "returned"]);
        const { rows } = await query("select n from question_counters");
        expect(rows).toEqual([{ n: 2 }]);
      },
    },
    timeLimitMs: 30_000,
  });
  expect(result.finding).toMatchObject({ statements: 4, sessions: ["increment (1)", "increment (0)"] });
  expect(result.report).toContain(`"both count" is broken`);
});
