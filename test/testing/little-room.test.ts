import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import type { Access, Send } from "../support/access.ts";
import { usualCases, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

const tables = [
  "drop table if exists ticket, counter, plain",
  "create table counter (n int)",
  "insert into counter values (0)",
  "create table ticket (no int primary key, agent int)",
  "create table plain (id int primary key, value int)",
  "insert into plain values (1, 0)",
];

/** Two sessions that each write a ticket with a number of their own and what they got from somewhere. */
function tickets(
  way: RaceCase,
  setup: readonly string[],
  agentOf: (send: Send) => Promise<number>,
): Promise<RaceResult> {
  const take = (app: Access) => (): Promise<void> =>
    app.transaction(async (send) => {
      const agent = await agentOf(send);
      await send("update counter set n = n + 1");
      const no = (await send("select n from counter")).rows[0]?.n;
      await send("insert into ticket values ($1, $2)", [no, agent]);
    });
  return withAccess(way, (app) =>
    explore(app.database, {
      setup: async (query) => {
        for (const sql of [...tables, ...setup]) await query(sql);
      },
      sessions: [take(app), take(app)],
      diagnose: false,
      schedules: 20,
    }),
  );
}

async function numberOf(send: Send, sql: string, params: readonly unknown[] = []): Promise<number> {
  return Number((await send(sql, params)).rows[0]?.no);
}

describe.each(usualCases(servers))("generators on $kind", (way) => {
  const next = way.kind === "postgres" ? "select nextval('agents') as no" : "select nextval(agents) as no";

  test.each(["maxvalue 3 cycle", "maxvalue 15", "increment by -1 minvalue -15 maxvalue -1", "maxvalue 90"])(
    "a sequence with little room is no ground: %s",
    async (options) => {
      const setup = ["drop sequence if exists agents", `create sequence agents ${options}`];
      const { valid, notes } = await tickets(way, setup, (send) => numberOf(send, next));
      expect(valid).not.toBe(false);
      if (valid === "unknown") expect(notes.join()).toMatch(/agents|ticket\.agent/);
      if (options !== "maxvalue 90") expect(valid).toBe("unknown");
    },
  );

  test("one that is not used does not matter", async () => {
    const { valid } = await withAccess(way, (app) =>
      explore(app.database, {
        setup: async (query) => {
          for (const sql of [
            ...tables,
            "drop sequence if exists agents",
            ...(way.kind === "postgres" ? ["create sequence agents maxvalue 3 cycle"] : []),
          ])
            await query(sql);
        },
        sessions: [1, 2].map(
          () => () =>
            app.transaction(async (send) => {
              const value = Number((await send("select value from plain where id = 1")).rows[0]?.value);
              await send("update plain set value = $1 where id = 1", [value + 1]);
            }),
        ),
        diagnose: false,
      }),
    );
    expect(valid).toBe(false);
  });
});

describe.each(usualCases(servers).filter(({ kind }) => kind === "mariadb"))("keys on $kind", (way) => {
  test("an AUTO_INCREMENT with little room is no ground", async () => {
    const setup = [
      "create or replace table agent (id tinyint primary key auto_increment, of_ticket int)",
      "insert into agent values (110, null)",
    ];
    const { valid } = await tickets(way, setup, async (send) => {
      await send("insert into agent (of_ticket) values (null)");
      return numberOf(send, "select last_insert_id() as no");
    });
    expect(valid).not.toBe(false);
  });
});

describe.each(usualCases(servers).filter(({ kind }) => kind === "postgres"))("schemas on $kind", (way) => {
  test.each(["elsewhere.agents", "elsewhere"])("a sequence that only a parameter names: %s", async (name) => {
    const setup = [
      "drop schema if exists elsewhere cascade",
      "create schema elsewhere",
      "create sequence elsewhere.agents",
    ];
    const sql =
      name === "elsewhere"
        ? "select nextval(format('%I.agents', $1::text)::regclass) as no"
        : "select nextval($1::regclass) as no";
    const { valid } = await tickets(way, setup, (send) => numberOf(send, sql, [name]));
    expect(valid).not.toBe(false);
  });
});
