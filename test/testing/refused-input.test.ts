import pg from "pg";
import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { race } from "../../src/testing/race.ts";
import type { RaceOptions } from "../../src/testing/race-options.ts";
import type { RaceDatabase } from "../../src/testing/race-target.ts";
import { accounts, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();
const nothing = (): undefined => undefined;
const two = [nothing, nothing];

describe("is refused with a sentence that says what to do:", () => {
  const bad: readonly [string, unknown, RegExp][] = [
    ["no options", undefined, /^A race has options beside its database, `sessions` at least: race\(pool, \{/],
    ["null for options", null, /^A race has options beside/],
    ["a function for options", nothing, /^A race has options beside/],
    ["no sessions", {}, /^A race has `sessions`: a list of functions/],
    ["a promise for a session", { sessions: [nothing, Promise.resolve()] }, /a list of functions/],
    ["one session", { sessions: [nothing] }, /^A race has 2 to 36 sessions, not 1\.$/],
    ["a level that there is not", { sessions: two, isolation: "snapshot" }, /"snapshot".*none of read-unc/],
    ["a strategy that there is not", { sessions: two, strategy: "luck" }, /"luck".*none of auto, random/],
    ["no schedules", { sessions: two, schedules: 0 }, /^schedules is an integer from 1, not 0\.$/],
    ["half a schedule", { sessions: two, schedules: 1.5 }, /^schedules is an integer from 1, not 1\.5\.$/],
    [
      "an option that there is not",
      { sessions: two, invariants: nothing },
      /^A race has no option "invariants"/,
    ],
    ["an invariant that is no function", { sessions: two, invariant: "x" }, /^invariant is a function/],
    [
      "a set-up that fails",
      { sessions: two, setup: "creat table x" },
      /^The set-up of the race failed: .*creat/,
    ],
    [
      "six sessions that nothing can judge",
      { sessions: Array.from({ length: 6 }, () => nothing) },
      /^6 sessions have too many serial orders .* for 5 at most: give an `invariant` to judge by, or race 5/,
    ],
    [
      "six sessions that are to be compared with all their orders",
      { sessions: Array.from({ length: 6 }, () => nothing), serializable: true, invariant: nothing },
      /^6 sessions have too many .*: leave out `serializable: true`/,
    ],
    [
      "a mix of six",
      { sessions: () => Array.from({ length: 6 }, () => nothing) },
      /^6 sessions have too many serial orders/,
    ],
    [
      "a race that nothing judges",
      { sessions: two, serializable: false },
      /^With `serializable: false` nothing judges the race: give it an `invariant`, or `anomalies`\.$/,
    ],
    ["preemptions below none", { sessions: two, preemptions: -1 }, /^preemptions is an integer from 0/],
  ];

  test.each(bad)("%s", async (_, options, sentence) => {
    const server = servers[0];
    if (server === undefined) throw new Error("there is no server");
    const refused = { name: "RaceMisuse", message: expect.stringMatching(sentence) as string };
    await expect(explore(server.url, options as RaceOptions)).rejects.toMatchObject(refused);
    await expect(race(server.url, options as RaceOptions)).rejects.toMatchObject(refused);
  });

  const elsewhere: readonly [string, unknown, RegExp][] = [
    ["a URL of another kind", "redis://localhost/0", /postgres/],
    ["text that is no URL", "my database", /postgres/],
    ["an ORM", { query: nothing, $transaction: nothing }, /pass its URL.*an ORM.*pass the URL/],
    ["nothing", undefined, /pass its URL/],
    ["a server that is not there", "postgres://ada:hunter2@127.0.0.1:1/test", /127\.0\.0\.1:1/],
    ["a server that is not there", "mysql://ada:hunter2@127.0.0.1:1/test", /127\.0\.0\.1:1/],
    [
      "a pool of a server that is not there",
      new pg.Pool({ host: "127.0.0.1", port: 1, user: "ada", password: "hunter2" }),
      /127\.0\.0\.1:1/,
    ],
  ];

  test.each(elsewhere)("%s (%#)", async (_, database, sentence) => {
    const error = await explore(database as RaceDatabase, { sessions: two }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toMatch(sentence);
    expect(message).not.toContain("hunter2");
    expect(message).not.toContain("\n");
  });
});

describe.each(usualCases(servers))("$name on $kind", (way) => {
  test("a wrong password is told without it", async () => {
    const server = servers.find(({ kind }) => kind === way.kind);
    const url = new URL(server?.url ?? "");
    url.password = "hunter2";
    const error = (await explore(url.href, { sessions: two }).catch((reason: unknown) => reason)) as Error;
    expect(error.message).toMatch(/^The database at \S+ does not accept this user name and password/);
    expect(error.message).not.toContain("hunter2");
  });

  test("functions that send nothing prove nothing", async () => {
    const result = await withAccess(way, (app) => explore(app.database, { sessions: two }));
    expect(result.valid).toBe("unknown");
    expect(result.notes.join()).toMatch(/No statement of the sessions came by/);
  });

  test("an invariant that cannot ask is no race", async () => {
    await withAccess(way, async (app) => {
      const options = {
        setup: accounts,
        sessions: [() => valueOf(app.query, 1), () => valueOf(app.query, 2)],
      } as const;
      const cannotAsk = /^The invariant "typo" could not ask the database: .*nowhere/;
      await expect(
        explore(app.database, { ...options, invariant: { typo: (query) => query("select 1 from nowhere") } }),
      ).rejects.toThrow(cannotAsk);
      await expect(
        explore(app.database, { ...options, invariant: { typo: () => app.query("select 1 from nowhere") } }),
      ).rejects.toThrow(cannotAsk);
    });
  });

  test("a race within a race would wait for itself, and is refused", async () => {
    await withAccess(way, async (app) => {
      const inner = (): Promise<unknown> => explore(app.database, { sessions: two });
      const within = /^A race is held within another one/;
      await expect(explore(app.database, { setup: inner, sessions: two })).rejects.toThrow(within);
      await expect(
        explore(app.database, { setup: accounts, sessions: [inner, () => valueOf(app.query, 1)] }),
      ).resolves.toMatchObject({ valid: "unknown" });
      await expect(explore(app.database, { sessions: two })).resolves.toHaveProperty("valid", "unknown");
    });
  });

  test("a set-up that fails is told as it fails", async () => {
    await withAccess(way, async (app) => {
      await expect(
        explore(app.database, { setup: "insert into nowhere values (1)", sessions: two }),
      ).rejects.toThrow(/nowhere/);
    });
  });
});

test("what the functions throw is told before it is guessed why no statement came by", async () => {
  const pool = new pg.Pool({ connectionString: servers[0]!.url });
  await pool.end();
  const ask = (): Promise<unknown> => pool.query("select 1 from account");
  const { valid, notes } = await explore(pool, { setup: accounts, sessions: [ask, ask] });
  expect(valid).toBe("unknown");
  expect(notes[0]).toMatch(/^ask.* never came to its end\. Its first error: .*after calling end on the pool/);
  expect(notes.join("\n")).toMatch(
    /^No statement of the sessions came by\. If that does not come of these errors/m,
  );
});
