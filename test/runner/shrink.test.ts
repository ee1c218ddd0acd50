import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Plan } from "../../src/generators/plan.ts";
import type { Performed } from "../../src/runner/interleaved/stage.ts";
import { idsOf, keepOnly, sizeOf } from "../../src/runner/shrink-plan.ts";
import { shrink, sizes, type Showing, type ShrinkRequest } from "../../src/runner/shrink.ts";
import { granted } from "../../src/scheduler/move.ts";
import { randomStrategy } from "../../src/scheduler/random-strategy.ts";
import type { Schedule } from "../../src/scheduler/schedule.ts";
import type { Strategy } from "../../src/scheduler/strategy.ts";
import { simulate, type Script } from "../scheduler/simulation.ts";
import { planOfSizes } from "./plans.ts";

const never = new AbortController().signal;
const server = { database: "postgres", isolation: "read-committed" } as const;

/** Every operation reads a row and writes it; sessions meet at the same one. */
const body = [
  { touch: [{ table: "t", row: 0, how: "read" }] },
  { touch: [{ table: "t", row: 0, how: "write", put: 1 }] },
] as const;

/** Executes a plan on the simulated server, with the plan's numbers for operations. */
function perform(plan: Plan, strategy: Strategy): Performed {
  const scripts: Script[] = plan.sessions.map((entries) => entries.map(() => ({ body, end: "commit" })));
  const numbers = plan.sessions.map((entries) => entries.map(({ id }) => id));
  const numbered = (point: { readonly operation: number }): number => {
    const session = Math.floor(point.operation / 100);
    return numbers[session]?.[point.operation % 100] ?? -1;
  };
  const told: Strategy = {
    name: strategy.name,
    begin: (schedule, sessions) => {
      strategy.begin(schedule, sessions);
    },
    pick: (choice) =>
      strategy.pick({
        ...choice,
        ready: choice.ready.map((point) => ({ ...point, operation: numbered(point) })),
      }),
    end: () => false,
  };
  const { schedule } = simulate(server, scripts, told);
  const steps = schedule.steps.map((step) => ({
    ...step,
    points: step.points.map((point) => ({ ...point, operation: numbered(point) })),
  }));
  const database = { kind: server.database, version: "0", settings: {} };
  const trace = { database, isolation: server.isolation };
  return {
    schedule: { ...schedule, steps },
    trace: { ...trace, sessions: scripts.length, schema: [], setup: [], events: [], rest: [] },
    interrupted: false,
    stuck: undefined,
  };
}

type Shows = (plan: Plan, schedule: Schedule) => boolean;

function request(plan: Plan, shows: Shows, more: Partial<ShrinkRequest> = {}): ShrinkRequest {
  const tried = Array.from({ length: 20 }, (_, seed) => perform(plan, randomStrategy({ seed: `${seed}` })));
  const performed =
    tried.find(({ schedule }) => shows(plan, schedule)) ?? perform(plan, randomStrategy({ seed: "0" }));
  const found = { plan, performed };
  return {
    found,
    rehearse: (smaller, strategy) => {
      const performed = perform(smaller, strategy);
      return Promise.resolve(shows(smaller, performed.schedule) ? performed : undefined);
    },
    progress: () => undefined,
    stop: never,
    ...more,
  };
}

/** Whether an operation of one session goes on between two steps of one of another session. */
function meets({ steps }: Schedule): boolean {
  const order = steps.flatMap(({ points, move }) =>
    points.map(({ operation }, i) => ({ operation, session: granted(move)[i] })),
  );
  return order.some(
    ({ operation, session }, at) =>
      order.slice(0, at).some((before) => before.operation !== operation && before.session !== session) &&
      order.findIndex((step) => step.operation === operation) <
        order.findLastIndex((step, i) => i < at && step.session !== session),
  );
}

const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });

describe("transactions", () => {
  test("only those are left that it takes, wherever they are", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.array(fc.nat({ max: 14 }), { maxLength: 4 }), async (shape, wished) => {
        const plan = planOfSizes(shape);
        const needed = new Set(wished.filter((id) => id < sizeOf(plan)));
        const shows: Shows = (smaller) => [...needed].every((id) => idsOf(smaller).includes(id));
        const shrunk = await shrink(request(plan, shows));
        // One operation is always left: nothing shows nothing.
        expect(idsOf(shrunk.plan)).toHaveLength(Math.max(1, needed.size));
        for (const id of needed) expect(idsOf(shrunk.plan)).toContain(id);
      }),
    );
  });

  test("none can be left out of the result, also where what shows it is not monotone", async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.nat({ max: 14 }),
        fc.array(fc.tuple(fc.nat({ max: 14 }), fc.nat({ max: 14 })), { maxLength: 10 }),
        async (shape, needed, implications) => {
          const plan = planOfSizes(shape);
          // Some are not in the way as long as others are there as well: an order of leaving out that works.
          const shows: Shows = (smaller) => {
            const ids = idsOf(smaller);
            const has = (id: number): boolean => ids.includes(id % sizeOf(plan));
            return has(needed) && implications.every(([one, other]) => !has(one) || has(other));
          };
          const shrunk = await shrink(request(plan, shows));
          expect(shows(shrunk.plan, shrunk.performed.schedule)).toBe(true);
          const ids = idsOf(shrunk.plan);
          if (ids.length === 1) return;
          for (const left of ids) {
            const smaller = keepOnly(shrunk.plan, new Set(ids.filter((id) => id !== left)));
            expect(shows(smaller, shrunk.performed.schedule)).toBe(false);
          }
        },
      ),
    );
  });

  test("with less to do in one, another may not be needed any more", async () => {
    const sessions = [0, 1].map((id) => [{ id, session: id, f: "txn", args: { mops: [1, 2] } }]);
    const mops = (plan: Plan, id: number): number =>
      (plan.sessions.flat().find((entry) => entry.id === id)?.args.mops as number[] | undefined)?.length ?? 0;
    // The second is needed as long as the first does two things.
    const shows: Shows = (plan) => mops(plan, 0) > 0 && (mops(plan, 0) === 1 || mops(plan, 1) > 0);
    const shrunk = await shrink(request({ ...planOfSizes([]), sessions }, shows));
    expect(idsOf(shrunk.plan)).toEqual([0]);
  });
});

describe("schedules", () => {
  test("what is left was executed and shows it, with no more switches than it takes", async () => {
    const plan = planOfSizes([2, 2, 2]);
    const shows: Shows = (_, schedule) => meets(schedule);
    const found = request(plan, shows);
    expect(meets(found.found.performed.schedule)).toBe(true);
    const shrunk = await shrink(found);
    expect(meets(shrunk.performed.schedule)).toBe(true);
    expect(shrunk).toMatchObject({ transactions: 2, statements: 4, switches: 2 });
    expect(shrunk).toMatchObject(sizes(shrunk.plan, shrunk.performed.schedule));
  });

  test("the session that begins is the first", async () => {
    const plan = planOfSizes([1, 1]);
    const shows: Shows = (_, schedule) => schedule.steps[0]?.points[0]?.operation === 1 && meets(schedule);
    const shrunk = await shrink(request(plan, shows));
    expect(shrunk.performed.schedule.steps[0]?.points[0]?.operation).toBe(1);
    expect(shrunk.performed.schedule.steps[0]?.move).toEqual({ kind: "grant", session: 0 });
  });

  test("where nothing smaller shows it, what was found is left as it was", async () => {
    const plan = planOfSizes([2, 2]);
    const asked = request(plan, () => false);
    const shrunk = await shrink(asked);
    expect(shrunk.plan).toBe(plan);
    expect(shrunk.performed).toBe(asked.found.performed);
    expect(shrunk.executions).toBeGreaterThan(0);
  });
});

test("a finding that nothing smaller shows costs a bounded number of executions", async () => {
  const plan = planOfSizes([2, 2, 2, 2]);
  const { executions } = await shrink(request(plan, () => false));
  expect(executions).toBeLessThan(1_000);
});

test("a stop ends it with the smallest that was seen until then", async () => {
  const stop = new AbortController();
  let best: Showing | undefined;
  const shrunk = await shrink(
    request(planOfSizes([4, 4]), () => true, {
      stop: stop.signal,
      progress: (executions, showing) => {
        best = showing;
        if (executions === 2) stop.abort();
      },
    }),
  );
  expect(shrunk.executions).toBe(2);
  expect(sizeOf(shrunk.plan)).toBeLessThan(8);
  expect(best).toBeDefined();
});
