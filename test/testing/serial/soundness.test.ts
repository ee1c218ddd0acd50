import fc from "fast-check";
import { expect, test } from "vitest";

import { ordersOf } from "../../../src/testing/serial/orders.ts";
import { type Act, acts, type Shared, sharedActs, SmallWorld, whims } from "./small-world.ts";

const programs = fc.array(fc.array(acts, { maxLength: 4 }), { minLength: 1, maxLength: 3 });
const turns = fc.array(fc.nat({ max: 5 }), { maxLength: 15 });

test("sessions that touch nothing of each other's are serializable, whatever keys and times they got", async () => {
  await fc.assert(
    fc.asyncProperty(programs, whims, turns, async (program, whim, turn) => {
      const world = new SmallWorld(program, whim);
      const verdict = await world.oracle.judge(await world.interleaved(turn, whim.lateMs));
      expect(verdict).toMatchObject({ serializable: true });
    }),
    { numRuns: 400 },
  );
});

test("so they are when the oracle has learnt what it knows from other orders first", async () => {
  await fc.assert(
    fc.asyncProperty(programs, whims, turns, async (program, whim, turn) => {
      const world = new SmallWorld(program, whim);
      await world.oracle.rehearse();
      const outcome = await world.interleaved(turn, whim.lateMs);
      expect(await world.oracle.judge(world.corrupt(outcome, 0))).toMatchObject({ serializable: false });
      expect(await world.oracle.judge(outcome)).toMatchObject({ serializable: true });
      expect(await world.oracle.judge(await world.interleaved([]))).toMatchObject({ serializable: true });
    }),
    { numRuns: 200 },
  );
});

/** What a session has been answered for its only order. */
interface Answer {
  readonly answer: readonly [{ readonly id: number }];
}

test("two sessions that are answered the key of one order are found", async () => {
  await fc.assert(
    fc.asyncProperty(whims, turns, async (whim, turn) => {
      const order = { type: "order", daysAhead: 1, what: 1 } as const;
      const world = new SmallWorld([[order], [order]], whim);
      await world.oracle.rehearse();
      const outcome = await world.interleaved(turn, whim.lateMs);
      expect(await world.oracle.judge(outcome)).toMatchObject({ serializable: true });
      const [one, other] = outcome.sessions.map((ending) => (ending as { readonly value: Answer }).value);
      const id = other?.answer[0].id;
      const confused = { ...one, answer: [{ ...one?.answer[0], id }] };
      const sessions = outcome.sessions.with(0, { type: "returned", value: confused });
      expect(await world.oracle.judge({ ...outcome, sessions })).toMatchObject({ serializable: false });
    }),
    { numRuns: 100 },
  );
});

test("numbers of another sequence that goes in step with keys are none", async () => {
  await fc.assert(
    fc.asyncProperty(whims, turns, async (whim, turn) => {
      const order = { type: "order", daysAhead: 1, what: 1 } as const;
      const ticket = { type: "ticket" } as const;
      const world = new SmallWorld(
        [
          [order, { type: "item", share: 1 }, ticket],
          [order, ticket],
        ],
        { ...whim, gaps: [0] },
      );
      await world.oracle.rehearse();
      const outcome = await world.interleaved(turn, whim.lateMs);
      expect(await world.oracle.judge(outcome)).toMatchObject({ serializable: true });
    }),
    { numRuns: 200 },
  );
});

test("of sessions that share a number, what it says is what a model of that number says", async () => {
  const mixed = fc.array(fc.array(fc.oneof(sharedActs, acts), { maxLength: 5 }), {
    minLength: 2,
    maxLength: 3,
  });
  const verdicts = new Map<unknown, number>();
  await fc.assert(
    fc.asyncProperty(mixed, whims, turns, async (program, whim, turn) => {
      const world = new SmallWorld(program, whim);
      const { serializable } = await world.oracle.judge(await world.interleaved(turn, whim.lateMs));
      verdicts.set(serializable, (verdicts.get(serializable) ?? 0) + 1);
      const here = JSON.stringify(model(program, turn));
      const serial = [...ordersOf([...program.keys()])].map((order) =>
        model(
          program,
          order.flatMap((session) => Array.from({ length: 5 }, () => session)),
        ),
      );
      expect(serializable).toBe(serial.some((outcome) => JSON.stringify(outcome) === here));
    }),
    { numRuns: 400 },
  );
  expect(Math.min(verdicts.get(true) ?? 0, verdicts.get(false) ?? 0)).toBeGreaterThan(20);
});

/** The shared number in the end, and all that was read of it, in any order. */
function model(programs: readonly (readonly Act[])[], turns: readonly number[]): unknown {
  const left = programs.map((program) => [...program]);
  const steps = turns.flatMap((turn) =>
    (left[turn % left.length]?.splice(0, 1) ?? []).map((act) => ({ session: turn % left.length, act })),
  );
  const rest = left.flatMap((program, session) => program.map((act) => ({ session, act })));
  const reads = programs.map((): number[] => []);
  const remembered = new Map<number, number>();
  let shared = 0;
  for (const { session, act } of [...steps, ...rest]) {
    if (!isShared(act)) continue;
    if (act.type === "read") {
      remembered.set(session, shared);
      reads[session]?.push(shared);
    } else shared = (remembered.get(session) ?? 0) + act.by;
  }
  return { shared, reads: reads.map((of) => of.sort((a, b) => a - b)) };
}

function isShared(act: Act): act is Shared {
  return act.type === "read" || act.type === "write";
}
