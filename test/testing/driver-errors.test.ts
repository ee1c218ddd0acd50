import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { Query } from "../../src/testing/race-stage.ts";
import { accounts, everyCase, usualCases, withAccess, type RaceCase } from "../support/race-apps.ts";
import type { Access } from "../support/access.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

/** Errors as an application sees them: without a race, and as a session of one. */
async function bothErrors(
  way: RaceCase,
  fail: (app: Access) => Promise<unknown>,
): Promise<{ readonly plain: Error; readonly raced: Error }> {
  return withAccess(way, async (app) => {
    const raced: Error[] = [];
    const caught = async (): Promise<void> => {
      raced.push(await errorOf(fail(app)));
    };
    const result = await explore(app.database, {
      setup: async (query: Query) => {
        for (const sql of accounts.split(";")) await query(sql);
      },
      sessions: [caught, () => app.query("select value from account where id = $1", [2])],
      schedules: 3,
    });
    expect(result.valid).toBe(true);
    const plain = await errorOf(fail(app));
    const [first] = raced;
    if (first === undefined) throw new Error("no session failed");
    return { plain, raced: first };
  });
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  return error as Error;
}

/** All that an error tells, but for its stack and the place in the server's source. */
function fieldsOf(error: Error): Readonly<Record<string, unknown>> {
  return {
    class: Object.getPrototypeOf(error) as unknown,
    message: error.message,
    ...Object.fromEntries(
      Object.getOwnPropertyNames(error)
        .filter((name) => name !== "stack")
        .map((name) => [name, (error as unknown as Record<string, unknown>)[name]]),
    ),
  };
}

const failures: Readonly<Record<string, (app: Access) => Promise<unknown>>> = {
  "a key that is there already": (app) => app.query("insert into account values ($1, $2)", [1, 5]),
  "a syntax error": (app) => app.query("selekt $1", [1]),
  "a table that is not there": (app) => app.query("select * from nowhere where id = $1", [1]),
  "a statement in a transaction": (app) =>
    app.transaction((send) => send("insert into account values ($1, $2)", [1, 5])),
  "a table that is not there, in a transaction": (app) =>
    app.transaction((send) => send("select * from nowhere where id = $1", [1])),
};

describe.each(everyCase(servers))("$name on $kind", (way) => {
  test.each(Object.keys(failures))("%s is told as the driver tells it", async (name) => {
    const fail = failures[name];
    if (fail === undefined) throw new Error(`there is no failure ${name}`);
    const { plain, raced } = await bothErrors(way, fail);
    expect(fieldsOf(raced)).toEqual(fieldsOf(plain));
  });
});

test.each(usualCases(servers))("a stack leads to who asked, on $kind", async (way) => {
  const { raced } = await bothErrors(way, async function theApplication(app) {
    await app.query("selekt $1", [1]);
  });
  expect(raced.stack).toContain("theApplication");
});
