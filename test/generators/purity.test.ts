import fc from "fast-check";
import { expect, test } from "vitest";

import { concat } from "../../src/generators/concat.ts";
import { forever } from "../../src/generators/forever.ts";
import { fromList } from "../../src/generators/from-list.ts";
import type { Draw, Generator } from "../../src/generators/generator.ts";
import { limit } from "../../src/generators/limit.ts";
import { map } from "../../src/generators/map.ts";
import { mix } from "../../src/generators/mix.ts";
import { perSession } from "../../src/generators/per-session.ts";
import { phases } from "../../src/generators/phases.ts";
import { drawPlan } from "../../src/generators/plan.ts";
import { delay, stagger } from "../../src/generators/stagger.ts";
import { listAppendTransactions } from "../../src/generators/transactions.ts";
import { stream } from "../../src/random/rng.ts";
import { run } from "./bench.ts";

/** Any way of putting the combinators together, with operations that are single numbers or texts. */
const { tree: anyGenerator } = fc.letrec<{ tree: Generator<unknown>; leaf: Generator<unknown> }>((tie) => ({
  leaf: fc.oneof(
    fc.array(fc.nat(9), { maxLength: 6 }).map((list): Generator<unknown> => fromList(list)),
    fc.integer({ min: 1, max: 9 }).map((bound) => forever((rng): unknown => rng.int(bound))),
    fc.constant<Generator<unknown>>(listAppendTransactions({ keyCount: 2, maxWritesPerKey: 2 })),
  ),
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc.tuple(fc.nat(12), tie("tree")).map(([count, generator]) => limit(count, generator)),
    fc.array(tie("tree"), { maxLength: 3 }).map((generators) => concat(...generators)),
    fc.array(tie("tree"), { maxLength: 3 }).map((generators) => phases(...generators)),
    fc
      .array(fc.tuple(fc.integer({ min: 1, max: 5 }), tie("tree")), { maxLength: 3 })
      .map((branches) => mix(branches)),
    fc
      .array(tie("tree"), { minLength: 1, maxLength: 3 })
      .map((generators) => perSession((session) => generators[session % generators.length] ?? fromList([]))),
    tie("tree").map((generator) => map((operation) => `<${String(operation)}>`, generator)),
    tie("tree").map((generator) => stagger(100, generator)),
    tie("tree").map((generator) => delay(100, generator)),
  ),
}));

test("drawing leaves every generator as it was: equal streams, equal answers", () => {
  fc.assert(
    fc.property(anyGenerator, fc.nat(2), (generator, session) => {
      const walk = (): unknown[] => {
        const rng = stream("42", "generator");
        const answers: unknown[] = [];
        let rest = generator;
        for (let turn = 0; turn < 30; turn += 1) {
          const context = { time: turn, session: (session + turn) % 3, sessions: 3, rng };
          const drawn: Draw<unknown> = rest.draw(context);
          if (drawn.kind === "done") break;
          answers.push({ ...drawn, rest: undefined });
          rest = drawn.rest;
        }
        return answers;
      };
      expect(walk()).toEqual(walk());
    }),
  );
});

test("simulating the same generator twice gives the same run", () => {
  fc.assert(
    fc.property(anyGenerator, (generator) => {
      expect(run(generator, 40)).toEqual(run(generator, 40));
    }),
  );
});

test("a plan of any generator keeps its promises, and is drawn the same twice", () => {
  fc.assert(
    fc.property(
      anyGenerator,
      fc.integer({ min: 1, max: 4 }),
      fc.nat(40),
      (generator, sessions, operations) => {
        const wrapped = map((operation) => ({ f: "any", args: { operation: String(operation) } }), generator);
        const options = { seed: "42", sessions, operations };
        const plan = drawPlan(wrapped, options);
        const entries = plan.sessions.flat();
        expect(entries.map(({ id }) => id).sort((a, b) => a - b)).toEqual([...entries.keys()]);
        expect(plan.exhausted).toBe(entries.length < operations);
        for (const [session, own] of plan.sessions.entries()) {
          expect(own.every((entry) => entry.session === session)).toBe(true);
          for (const [i, entry] of own.slice(1).entries())
            expect(entry.phase ?? 0).toBeGreaterThanOrEqual(own[i]?.phase ?? 0);
        }
        expect(drawPlan(wrapped, options)).toEqual(plan);
      },
    ),
  );
});
