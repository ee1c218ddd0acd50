import { expect, test } from "vitest";

import { raceServers } from "../support/race-servers.ts";
import { vitestProject } from "../support/vitest-run.ts";

const servers = raceServers("postgres");

/** Every test of the project writes its number, and holds a race that fails. */
const tests = `
  import { race } from "isolab/vitest";
  import pg from "pg";
  import { afterAll, describe, test } from "vitest";

  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  afterAll(() => pool.end());
  const setup = "drop table if exists n; create table n (n int); insert into n values (0)";
  async function add() {
    const { rows } = await pool.query("select n from n");
    await pool.query("update n set n = $1", [rows[0].n + 1]);
  }
  const fails = (number: number) => () => {
    console.log("<ran " + number + ">");
    return race(pool, { setup, sessions: [add, add], diagnose: false });
  };
  test("book", fails(1));
  test("book fixed", fails(2));
  describe("may > it", () => {
    test("book", fails(3));
    test("it's  sold\\n(once)", fails(4));
  });
  describe("", () => {
    test("book", fails(5));
  });
`;

test("the command that vitest prints runs the one test that printed it", { timeout: 120_000 }, () => {
  const run = vitestProject(tests);
  const env = { DATABASE_URL: servers[0]!.url };
  const printed = (words: string): ReadonlySet<string> =>
    new Set(
      [...run(words, env).output.matchAll(/npx vitest run (.* -t .*)$/gm)].map(([, after = ""]) => after),
    );
  const commands = [...printed("")];
  expect(commands).toEqual([
    "race.test.ts -t '^book$'",
    "race.test.ts -t '^book fixed$'",
    "race.test.ts -t '^may > it book$'",
    String.raw`race.test.ts -t '^may > it it'\''s  sold\s\(once\)$'`,
    "race.test.ts -t '^ book$'",
  ]);
  // One whose name is a part of others, and one with all that has to be escaped.
  for (const i of [0, 3]) {
    const { output } = run(commands[i] ?? "", env);
    expect([...output.matchAll(/<ran (\d)>/g)].map(([, number]) => Number(number))).toEqual([i + 1]);
  }
});
