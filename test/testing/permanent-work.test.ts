import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import type { Access, Send } from "../support/access.ts";
import { usualCases, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

const tables = [
  "drop table if exists log",
  "drop table if exists other",
  "drop table if exists seat",
  "create table log (who varchar(9))",
  "create table other (n int)",
  "create table seat (no int primary key, who varchar(9))",
];

type Writes = (app: Access, who: string) => Promise<unknown>;

/** Two take the one seat; who is too late throws, and has done something else by then. */
function book(way: RaceCase, setup: readonly string[], before: Writes): Promise<RaceResult> {
  return withAccess(way, (app) =>
    explore(app.database, {
      setup: async (query) => {
        for (const statement of [...tables, ...setup]) await query(statement);
      },
      sessions: ["ann", "bob"].map((who) => async () => {
        if ((await app.query("select who from seat")).rows.length > 0) return false;
        await before(app, who);
        await app.query("insert into seat values (1, $1)", [who]);
        return true;
      }),
      diagnose: false,
    }),
  );
}

async function failing(app: Access, work: (send: Send) => Promise<unknown>): Promise<void> {
  const undone = new Error("undone");
  await app
    .transaction(async (send) => {
      await work(send);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
}

const inLog = "insert into log values ($1)";

const postgres: Readonly<Record<string, readonly [setup: readonly string[], before: Writes]>> = {
  "a stored function that a SELECT calls": [
    ["create or replace function note(w text) returns void language sql as 'insert into log values (w)'"],
    (app, who) => app.query("select note($1)", [who]),
  ],
  "a view that calls one": [
    [
      "create or replace function jot() returns int language sql as 'insert into log values (''x'') returning 1'",
      "create or replace view jotted as select jot() as x",
    ],
    (app) => app.query("select * from jotted"),
  ],
  "a trigger of a statement that touches no row": [
    [
      "create or replace function mark() returns trigger language plpgsql as 'begin insert into log values (''x''); return null; end'",
      "create trigger marks after update on other for each statement execute function mark()",
    ],
    (app) => app.query("update other set n = 1"),
  ],
  "a BEGIN in a transaction, which is none": [
    [],
    (app, who) =>
      app.transaction(async (send) => {
        await send(inLog, [who]);
        await send("begin");
      }),
  ],
};

const mariadb: typeof postgres = {
  "a stored function that a SELECT calls": [
    [
      "create or replace function note(w varchar(9)) returns int begin insert into log values (w); return 1; end",
    ],
    (app, who) => app.query("select note($1)", [who]),
  ],
  "a BEGIN that commits what is open": [
    [],
    (app, who) =>
      failing(app, async (send) => {
        await send(inLog, [who]);
        await send("start transaction");
      }),
  ],
  "a DDL statement that commits what is open": [
    [],
    (app, who) =>
      failing(app, async (send) => {
        await send(inLog, [who]);
        await send("create table if not exists made (n int)");
      }),
  ],
  "a DDL statement that commits and fails": [
    [],
    (app, who) =>
      failing(app, async (send) => {
        await send(inLog, [who]);
        await send("create table log (n int)").catch(() => undefined);
      }),
  ],
  "a write after a TRUNCATE, which has ended the transaction": [
    [],
    (app, who) =>
      failing(app, async (send) => {
        await send("truncate table other");
        await send(inLog, [who]);
      }),
  ],
  "a table of an engine without transactions": [
    ["alter table log engine = MyISAM"],
    (app, who) => failing(app, (send) => send(inLog, [who])),
  ],
};

describe.each(usualCases(servers))("what is there for good: $name on $kind", (way) => {
  const cases = way.kind === "postgres" ? postgres : mariadb;

  test.each(Object.keys(cases))("%s", async (name) => {
    const [setup, before] = cases[name]!;
    const { valid, notes } = await book(way, setup, before);
    expect(notes.join()).toMatch(/had become permanent/);
    expect(valid).toBe("unknown");
  });

  test("what is undone is not", async () => {
    const undone: Writes = (app, who) => failing(app, (send) => send(inLog, [who]));
    expect(await book(way, [], undone)).toMatchObject({ valid: true, notes: [] });
  });

  test("a function that is there and is not called changes nothing", async () => {
    const [setup] = cases["a stored function that a SELECT calls"]!;
    const undone: Writes = (app) => app.query("select n from other");
    expect(await book(way, setup, undone)).toMatchObject({ valid: true, notes: [] });
  });
});
