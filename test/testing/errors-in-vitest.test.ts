import { inspect } from "node:util";
import { expect, test } from "vitest";

import { race, RaceError } from "../../src/testing/race.ts";
import { ToothlessError } from "../../src/testing/toothless-error.ts";
import { raceServers } from "../support/race-servers.ts";
import { vitestProject } from "../support/vitest-run.ts";

const servers = raceServers("postgres");

const tests = `
  import { bites, race } from "isolab/vitest";
  import pg from "pg";
  import { afterAll, expect, test } from "vitest";

  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  afterAll(() => pool.end());
  const setup = "drop table if exists n; create table n (id int primary key, n int); insert into n values (1, 0)";
  const read = () => pool.query("select n from n");
  async function add() {
    const { rows } = await read();
    await pool.query("update n set n = $1", [rows[0].n + 1]);
  }
  test("a race", () => race(pool, { setup, sessions: [add, add], diagnose: false }));
  test("an invariant", () =>
    race(pool, {
      setup,
      sessions: [add, add],
      diagnose: false,
      invariant: async (query) => expect((await query("select n from n")).rows[0].n).toBe(2),
    }));
  test("no server", () => race("postgres://127.0.0.1:1/test", { setup, sessions: [add, add] }));
  test("no teeth", () =>
    bites(pool, { setup, isolation: "read committed", sessions: [() => pool.query("select n from n for update"), read] }));
`;

test("what vitest prints of an error is its message, and what the user's own code threw", () => {
  const run = vitestProject(tests);
  const { status, output } = run("--reporter=verbose", { DATABASE_URL: servers[0]!.url });
  expect(status).toBe(1);
  for (const sentence of [
    "RaceError: No serial",
    "EnvironmentError: Nothing listens",
    "ToothlessError: The test",
  ])
    expect(output).toContain(sentence);
  expect(output).toContain("Caused by: AssertionError");
  expect(output).not.toContain("Serialized Error");
  expect(output).not.toContain("Caused by: DatabaseError");
  expect(output.length).toBeLessThan(14_000);
});

test("Node shows the message alone, and the fields are there all the same", async () => {
  const nothing = (): undefined => undefined;
  const error: unknown = await race(servers[0]!.url, { sessions: [nothing, nothing] }).catch(
    (e: unknown) => e,
  );
  if (!(error instanceof RaceError)) throw error;
  expect(error.result.valid).toBe("unknown");
  expect(inspect(error)).not.toContain("valid");
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: "RaceError",
    message: error.message,
    stack: error.stack,
  });
  const toothless = new ToothlessError("no teeth", []);
  expect(toothless.weakenings).toEqual([]);
  expect(inspect(toothless)).not.toContain("weakenings");
});
