import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { IsolationLevel } from "../../../src/history/header.ts";
import { rowApps, type RowApp, type Send } from "../../support/row-apps.ts";
import { everySchedule, mopsOf } from "../../support/row-races.ts";
import { isSerializable, type LoggedTransaction } from "../../support/serial-orders.ts";

/** One thing that a transaction does. */
type Act =
  | { readonly kind: "read" | "write" | "count" | "delete" | "insert"; readonly id: number }
  | { readonly kind: "read-all" };

/** A transaction, and whether it is one statement by itself, or given up at the end. */
interface Program {
  readonly acts: readonly Act[];
  readonly way: "transaction" | "alone" | "given up";
}

const id = fc.constantFrom(1, 2, 3);
const readOrWrite: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom("read", "write"), id }) as fc.Arbitrary<Act>,
  { arbitrary: fc.constant<Act>({ kind: "read-all" }), weight: 1 },
);
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  readOrWrite,
  fc.record({ kind: fc.constantFrom("count", "delete", "insert"), id }) as fc.Arbitrary<Act>,
);

function sessionsOf(act: fc.Arbitrary<Act>): fc.Arbitrary<readonly (readonly Program[])[]> {
  const program = fc.record({
    acts: fc.array(act, { minLength: 1, maxLength: 3 }),
    way: fc.constantFrom<Program["way"]>("transaction", "transaction", "transaction", "alone", "given up"),
  });
  return fc.array(fc.array(program, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 3 });
}

const setup = `
  create table if not exists item (id int primary key, v int not null, tag int not null);
  delete from item;
  insert into item values (1, 0, -1), (2, 0, -2), (3, 0, -3)`;

/** Where the numbers that are written come from. */
interface Numbers {
  /** Each is drawn once, and names a write: what is read of it is no column, so that isolab does not know it. */
  readonly next: () => number;
  /** What is written beside it, which isolab sees. */
  readonly valueOf: (tag: number) => number;
}

const alike: Numbers["valueOf"] = (tag) => tag % 2;
const unique: Numbers["valueOf"] = (tag) => tag;

/** Runs a session's transactions, and logs those that were committed. */
async function run(
  app: RowApp,
  programs: readonly Program[],
  log: LoggedTransaction[],
  numbers: Numbers,
): Promise<void> {
  for (const { acts, way } of programs) {
    const done: LoggedTransaction = { accesses: [] };
    const body = async (send: Send): Promise<void> => {
      for (const act of acts) {
        await perform(
          send,
          act,
          way === "alone" ? { accesses: [] } : done,
          numbers,
          way === "alone" ? log : undefined,
        );
      }
      if (way === "given up") throw new Error("given up");
    };
    try {
      if (way === "alone") await body(app.alone);
      else {
        await app.transaction(body);
        log.push(done);
      }
    } catch {
      // Rolled back: it has no part in what must hold.
    }
  }
}

/** @param alone where a statement that is a transaction by itself is logged */
async function perform(
  send: Send,
  act: Act,
  into: LoggedTransaction,
  { next, valueOf }: Numbers,
  alone: LoggedTransaction[] | undefined,
): Promise<void> {
  const done = alone === undefined ? into : { accesses: [] };
  if (act.kind === "read-all") {
    for (const row of await send("select id, v, tag + 0 as tag from item order by id"))
      done.accesses.push({ kind: "read", id: Number(row.id), value: Number(row.tag) });
  } else if (act.kind === "read") {
    const [row] = await send("select v, tag + 0 as tag from item where id = $1", [act.id]);
    done.accesses.push({ kind: "read", id: act.id, value: Number(row?.tag) });
  } else if (act.kind === "write") {
    const value = next();
    await send("update item set v = $1, tag = $2 where id = $3", [valueOf(value), value, act.id]);
    done.accesses.push({ kind: "write", id: act.id, value, at: next() });
  } else if (act.kind === "count") await send("update item set v = v + 1 where id = $1", [act.id]);
  else if (act.kind === "delete") await send("delete from item where id = $1", [act.id]);
  else await send("insert into item values ($1, 5, 5)", [act.id]);
  alone?.push(done);
}

const [onPostgres, onMariadb] = rowApps();

const initial = new Map([
  [1, -1],
  [2, -2],
  [3, -3],
]);

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("random transactions on %s", (_, app) => {
  async function raced(
    sessions: readonly (readonly Program[])[],
    { level, valueOf }: { readonly level: IsolationLevel; readonly valueOf: Numbers["valueOf"] },
    judge: (
      seen: Awaited<ReturnType<typeof everySchedule>>[number],
      log: readonly LoggedTransaction[],
    ) => void,
  ): Promise<void> {
    let log: LoggedTransaction[] = [];
    let tag = 0;
    const numbers: Numbers = { next: () => ++tag, valueOf };
    await everySchedule(app(), {
      setup,
      level,
      schedules: 8,
      strategy: "random",
      sessions: sessions.map((programs) => () => run(app(), programs, log, numbers)),
      each: (seen) => {
        judge(seen, log);
        log = [];
      },
    });
  }

  test("show nothing at SERIALIZABLE", async () => {
    let told = 0;
    let all = 0;
    await fc.assert(
      fc.asyncProperty(sessionsOf(anyAct), async (sessions) => {
        await raced(
          sessions,
          { level: "serializable", valueOf: alike },
          ({ anomalies, leftOut, history, moves }) => {
            expect(anomalies, `${moves.join("")}\n${mopsOf(history).join("\n")}`).toEqual([]);
            if (leftOut.length === 0) told++;
            all++;
          },
        );
      }),
      { numRuns: 12, endOnFailure: true },
    );
    // Where answers of one step have no order, nothing is told; that is rare.
    expect(told / all).toBeGreaterThan(0.9);
  });

  test.each<IsolationLevel>(["read-uncommitted", "read-committed", "repeatable-read"])(
    "show something at %s just where no serial order explains what they read and wrote",
    async (level) => {
      await fc.assert(
        fc.asyncProperty(sessionsOf(readOrWrite), async (sessions) => {
          await raced(sessions, { level, valueOf: unique }, ({ anomalies, leftOut, history, moves }, log) => {
            const said = { serializable: anomalies.length === 0, leftOut };
            const wanted = { serializable: isSerializable(log, initial), leftOut: [] };
            expect(said, `${moves.join("")} ${anomalies.join()}\n${mopsOf(history).join("\n")}`).toEqual(
              wanted,
            );
          });
        }),
        { numRuns: 12, endOnFailure: true },
      );
    },
  );

  test.each<IsolationLevel>(["read-uncommitted", "read-committed", "repeatable-read"])(
    "show nothing at %s that is not so, though many writes are alike",
    async (level) => {
      await fc.assert(
        fc.asyncProperty(sessionsOf(readOrWrite), async (sessions) => {
          await raced(sessions, { level, valueOf: alike }, ({ anomalies, leftOut, history, moves }, log) => {
            const isClean = isSerializable(log, initial);
            expect(leftOut).toEqual([]);
            if (isClean) expect(anomalies, `${moves.join("")}\n${mopsOf(history).join("\n")}`).toEqual([]);
          });
        }),
        { numRuns: 12, endOnFailure: true },
      );
    },
  );
});
