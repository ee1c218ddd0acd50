import { describe, expect, test } from "vitest";

import { hermitage, type HermitageReport } from "../../../src/campaign/hermitage/hermitage.ts";
import { phenomenonNames, schedules } from "../../../src/campaign/hermitage/phenomena.ts";
import { play } from "../../../src/campaign/hermitage/play.ts";
import { published } from "../../../src/campaign/hermitage/published.ts";
import { type Played, steps } from "../../../src/campaign/hermitage/schedule.ts";
import { databaseKinds, type IsolationLevel, isolationLevels } from "../../../src/history/header.ts";
import { clock, createAccounts, serverOf, withDatabase, withSessions } from "../../support/databases.ts";
import { serverUrls } from "../../support/servers.ts";

const never = new AbortController().signal;

async function tableOf(
  url: string,
  levels: readonly IsolationLevel[] = isolationLevels,
  settings: Readonly<Record<string, string>> = {},
  stop: AbortSignal = never,
): Promise<HermitageReport> {
  return hermitage({
    target: { url, server: null },
    levels,
    settings,
    clock,
    stop,
    progress: () => undefined,
    warn: () => undefined,
  });
}

/** Phenomena that are not prevented, with `R/O` behind those that readers are safe from. */
function found({ fields }: HermitageReport, isolation: IsolationLevel): string {
  return fields
    .filter((field) => field.isolation === isolation && field.found !== "prevented")
    .map((field) => `${field.phenomenon}${field.found === "read-only" ? " R/O" : ""}`)
    .join(", ");
}

describe.each(serverUrls())("the classic table on $kind", ({ url, kind }) => {
  test("is as published, field by field, in under a minute", async () => {
    const begun = clock.nanos();
    const report = await tableOf(url);
    expect((clock.nanos() - begun) / 1e9).toBeLessThan(60);
    expect(report.database.kind).toBe(kind);
    expect(report.fields.map(({ isolation, phenomenon }) => [isolation, phenomenon])).toEqual(
      isolationLevels.flatMap((isolation) => phenomenonNames.map((name) => [isolation, name])),
    );
    expect(report.fields.filter((field) => field.found !== field.published)).toEqual([]);
    const readCommitted = "PMP, P4, G-single, G2-item, G2";
    expect(isolationLevels.map((level) => found(report, level))).toEqual(
      kind === "postgres"
        ? [readCommitted, readCommitted, "G2-item, G2", ""]
        : [
            `G1a, G1b, G1c, OTV, ${readCommitted}`,
            readCommitted,
            "PMP R/O, P4, G-single R/O, G2-item, G2",
            "",
          ],
    );
  });

  test("a stop keeps what was tried until then", async () => {
    const stop = new AbortController();
    let tried = 0;
    const { fields } = await hermitage({
      target: { url, server: null },
      levels: ["read-committed"],
      settings: {},
      clock,
      stop: stop.signal,
      progress: () => {
        if (++tried === 3) stop.abort();
      },
      warn: () => undefined,
    });
    expect(fields.map(({ phenomenon }) => phenomenon)).toEqual(["G0", "G1a"]);
  });
});

test("where a setting makes a level another one, the table is other than published", async () => {
  const { url } = serverOf("mysql");
  const report = await tableOf(url, ["repeatable-read"], { innodb_snapshot_isolation: "ON" });
  expect(found(report, "repeatable-read")).toBe("G2-item, G2");
  const different = report.fields.filter((field) => field.found !== field.published);
  expect(different.map(({ phenomenon }) => phenomenon)).toEqual(["PMP", "P4", "G-single"]);
});

test("what is published has a field for everything", () => {
  for (const kind of databaseKinds)
    for (const level of isolationLevels)
      expect(Object.keys(published(kind, level))).toEqual([...phenomenonNames]);
});

describe("a proof", () => {
  /** Serial executions of a schedule's transactions, in every order, on one session after another. */
  test.each(schedules.map((schedule) => ({ schedule, title: `${schedule.phenomenon} ${schedule.name}` })))(
    "of $title is none of a serial execution",
    async ({ schedule }) => {
      await withDatabase(serverOf("postgres"), async (database) => {
        await database.execute(["create table test (id int primary key, value int not null)"]);
        const numbers = [...new Set(schedule.steps.map(({ session }) => session))];
        for (const order of permutations(numbers))
          await withSessions(database, "serializable", 3, async (...connections) => {
            await database.empty(["test"]);
            await database.execute(["insert into test (id, value) values (1, 10), (2, 20)"]);
            const serial = order.flatMap((number) =>
              schedule.steps.filter(({ session }) => session === number),
            );
            const watcher = { waiting: () => Promise.resolve(new Set<number>()) };
            const around = { connections, isolation: "serializable", watcher, clock, stop: never } as const;
            const played = (await play(serial, around)) ?? [];
            const [reader] = connections;
            const { rows } = await reader.query<{ id: number; value: number }>(
              "select id, value from test order by id",
            );
            const outcome: Played = { steps: played, rest: rows };
            expect(played).toHaveLength(serial.length);
            expect(schedule.shows(outcome), `in the order ${order.join(", ")}`).toBe(false);
          });
      });
    },
  );
});

function permutations(numbers: readonly number[]): readonly (readonly number[])[] {
  if (numbers.length < 2) return [numbers];
  return numbers.flatMap((first) =>
    permutations(numbers.filter((number) => number !== first)).map((rest) => [first, ...rest]),
  );
}

test.each(serverUrls())("who waits is known, and goes on in turn on $kind", (server) =>
  withDatabase(server, async (database) => {
    await createAccounts(database);
    const watcher = await database.watch(null);
    try {
      await withSessions(database, "read-committed", 2, async (...connections) => {
        const set = (value: number): string => `update account set value = ${value} where id = 1`;
        const schedule = steps(
          `1: begin | 2: begin | 1: ${set(11)} | 2: ${set(12)} | 2: commit | 1: ${set(13)} | 1: commit`,
        );
        const around = { connections, isolation: "read-committed", watcher, clock, stop: never } as const;
        const played = await play(schedule, around);
        expect(played?.map(({ waited }) => waited)).toEqual([false, false, false, true, false, false, false]);
        expect(played?.map(({ answer }) => answer.kind)).toEqual([
          "done",
          "done",
          "affected",
          "affected",
          "done",
          "affected",
          "done",
        ]);
        const [reader] = connections;
        expect((await reader.query("select value from account where id = 1")).rows).toEqual([{ value: 12 }]);
      });
    } finally {
      await watcher.close();
    }
  }),
);

test.each(serverUrls())("a deadlock has one victim, the rest of which is skipped, on $kind", (server) =>
  withDatabase(server, async (database) => {
    await createAccounts(database);
    const watcher = await database.watch(null);
    try {
      await withSessions(database, "read-committed", 2, async (...connections) => {
        const set = (id: number): string => `update account set value = 0 where id = ${id}`;
        const schedule = steps(
          `1: begin | 2: begin | 1: ${set(1)} | 2: ${set(2)} | 1: ${set(2)} | 2: ${set(1)} | 1: commit | 2: commit`,
        );
        const around = { connections, isolation: "read-committed", watcher, clock, stop: never } as const;
        const played = (await play(schedule, around)) ?? [];
        const answers = (session: number): readonly string[] =>
          played
            .filter((step) => step.session === session)
            .map(({ answer }) => (answer.kind === "refused" ? answer.cause : answer.kind));
        const endings = [answers(1), answers(2)].map((all) => all.slice(2).join(", "));
        expect(endings.toSorted()).toEqual(["affected, done", "deadlock, skipped"]);
      });
    } finally {
      await watcher.close();
    }
  }),
);
