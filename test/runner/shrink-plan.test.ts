import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Plan } from "../../src/generators/plan.ts";
import { idsOf, inOrder, keepOnly, sizeOf, withLessToDo } from "../../src/runner/shrink-plan.ts";
import { planOfSizes } from "./plans.ts";

const plan = planOfSizes([2, 1, 3]);

test("a plan is as large as it has operations, whoever carries them out", () => {
  expect(sizeOf(plan)).toBe(6);
  expect(idsOf(plan)).toEqual([0, 1, 2, 3, 4, 5]);
});

describe("keeping some operations", () => {
  test("leaves them as they are, and takes sessions away that have nothing to do", () => {
    const kept = keepOnly(plan, new Set([0, 5]));
    expect(kept.sessions.map((entries) => entries.map(({ id, session }) => [id, session]))).toEqual([
      [[0, 0]],
      [[5, 1]],
    ]);
    expect(kept.seed).toBe(plan.seed);
  });

  test("keeps exactly those that are named, in the order within each session", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat({ max: 20 })),
        (sizes, ids) => {
          const whole = planOfSizes(sizes);
          const kept = keepOnly(whole, new Set(ids));
          expect(idsOf(kept)).toEqual(idsOf(whole).filter((id) => ids.includes(id)));
          for (const [session, entries] of kept.sessions.entries()) {
            expect(entries.length).toBeGreaterThan(0);
            expect(entries.map((entry) => entry.session)).toEqual(entries.map(() => session));
            expect(entries.map(({ id }) => id)).toEqual(entries.map(({ id }) => id).sort((a, b) => a - b));
          }
        },
      ),
    );
  });
});

test("sessions change places with their operations, which are told", () => {
  const turned = inOrder(plan, [2, 0, 1]);
  expect(turned.sessions.map((entries) => entries.map(({ id }) => id))).toEqual(
    [2, 0, 1].map((session) => plan.sessions[session]?.map(({ id }) => id)),
  );
  expect(
    turned.sessions.flatMap((entries, at) => entries.map(({ session }) => session === at)),
  ).not.toContain(false);
});

describe("less to do", () => {
  const withArgs = (args: Plan["sessions"][number][number]["args"]): Plan => ({
    ...plan,
    sessions: [[{ id: 0, session: 0, f: "txn", args }]],
  });
  const argsOf = ({ sessions }: Plan): unknown => sessions[0]?.[0]?.args;

  test("is an element less of a list, the last one first", () => {
    const smaller = withLessToDo(withArgs({ mops: [1, 2, 3], name: "x" }));
    expect(smaller.map(argsOf)).toEqual([
      { mops: [1, 2], name: "x" },
      { mops: [1, 3], name: "x" },
      { mops: [2, 3], name: "x" },
    ]);
  });

  test("is never nothing at all", () => {
    expect(withLessToDo(withArgs({ mops: [1], keys: [], name: "long" }))).toEqual([]);
  });

  test("is less in one operation only", () => {
    const two = [0, 1].map((id) => ({ id, session: 0, f: "txn", args: { mops: [1, 2] } }));
    const smaller = withLessToDo({ ...plan, sessions: [two] });
    expect(smaller).toHaveLength(4);
    for (const { sessions } of smaller) {
      const lengths = (sessions[0] ?? []).map(({ args }) => (args.mops as readonly number[]).length);
      expect(lengths.sort()).toEqual([1, 2]);
    }
  });
});
