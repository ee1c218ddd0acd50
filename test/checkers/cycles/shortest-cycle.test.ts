import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { Budget } from "../../../src/checkers/cycles/budget.ts";
import { type CycleSpec, cycleSpecs } from "../../../src/checkers/cycles/cycle-spec.ts";
import { shortestCycle } from "../../../src/checkers/cycles/shortest-cycle.ts";
import { edge } from "../../../src/checkers/graph/edge-type.ts";
import { type Edge, graphOf } from "../support/graphs.ts";

const plenty = 10_000_000;

/** Dense enough for cycles that pass a transaction twice on their shortest way round. */
const tangles = fc
  .record({
    transactions: fc.integer({ min: 2, max: 7 }),
    order: fc.constantFrom(edge.process, edge.realtime),
    raw: fc.array(
      fc.tuple(
        fc.nat(6),
        fc.nat(6),
        fc.constantFrom(edge.ww, edge.wr, edge.rw, edge.rw, edge.rw, edge.rwp, 0),
      ),
      { minLength: 4, maxLength: 18 },
    ),
    fans: fc.array(
      fc.tuple(fc.nat(6), fc.constantFrom(edge.rwp, edge.rw, edge.realtime), fc.nat(6), fc.nat(6)),
      {
        maxLength: 2,
      },
    ),
  })
  .map(({ transactions, order, raw, fans }) => {
    const direct = raw
      .map(([a, b, type]): Edge => [a % transactions, b % transactions, type === 0 ? order : type])
      .filter(([a, b, type]) => a !== b && (type < edge.process || a < b));
    const helped = fans.flatMap(([from, type, to, other], i): Edge[] => {
      const helper = transactions + i;
      const targets = [to % transactions, other % transactions].filter(
        (target) =>
          target !== from % transactions && (type !== edge.realtime || from % transactions < target),
      );
      return [
        [from % transactions, helper, type],
        ...targets.map((target): Edge => [helper, target, edge.silent]),
      ];
    });
    return { transactions, nodes: transactions + fans.length, edges: [...direct, ...helped] };
  });

type Tangle = typeof tangles extends fc.Arbitrary<infer T> ? T : never;

/** One dependency, named by its strongest reason; a detour over a helper is one too. */
interface Step {
  readonly to: number;
  readonly type: number;
}

function stepsOf({ transactions, edges }: Tangle): readonly (readonly Step[])[] {
  return Array.from({ length: transactions }, (_, from) => {
    const masks = new Map<number, number>();
    for (const [a, b, type] of edges) if (a === from) masks.set(b, (masks.get(b) ?? 0) | type);
    return [...masks].flatMap(([to, mask]): Step[] => {
      const type = mask & -mask;
      if (to < transactions) return [{ to, type }];
      return edges.flatMap(([a, b]) => (a === to && b !== from ? [{ to: b, type }] : []));
    });
  });
}

/** The step types of every cycle that passes no transaction twice. */
function everyCycle(tangle: Tangle): readonly (readonly number[])[] {
  const steps = stepsOf(tangle);
  const cycles: (readonly number[])[] = [];
  const walk = (path: readonly number[], types: readonly number[]): void => {
    for (const { to, type } of steps[path.at(-1)!]!) {
      if (to === path[0]) cycles.push([...types, type]);
      else if (to > path[0]! && !path.includes(to)) walk([...path, to], [...types, type]);
    }
  };
  for (let v = 0; v < tangle.transactions; v++) walk([v], []);
  return cycles;
}

function isOfType(spec: CycleSpec, types: readonly number[]): boolean {
  const isRw = (type: number | undefined): boolean => ((type ?? 0) & spec.rw) !== 0;
  const rws = types.filter(isRw).length;
  const enough = { none: rws === 0, one: rws === 1, several: rws > 1 }[spec.rwCount];
  return (
    enough &&
    types.every((type) => (type & (spec.base | spec.rw)) !== 0) &&
    !(spec.nonadjacent && types.some((type, i) => isRw(type) && isRw(types[(i + 1) % types.length]))) &&
    (!spec.needsWr || types.includes(edge.wr)) &&
    (spec.extra === 0 || types.includes(spec.extra))
  );
}

describe("shortestCycle", () => {
  test("finds a cycle of each type exactly where there is one, and no longer one than the shortest", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(tangles, (tangle) => {
        const graph = graphOf(tangle.nodes, tangle.edges);
        const isHelper = (node: number): boolean => node >= tangle.transactions;
        const cycles = everyCycle(tangle);
        for (const spec of cycleSpecs) {
          const lengths = cycles.filter((types) => isOfType(spec, types)).map((types) => types.length);
          const found = shortestCycle(graph, spec, isHelper, new Budget(plenty));
          const passed = found?.filter((node) => !isHelper(node));
          expect([spec.name, passed?.length ?? Infinity]).toEqual([
            spec.name,
            Math.min(Infinity, ...lengths),
          ]);
          expect(new Set(passed).size).toBe(passed?.length ?? 0);
          if (found !== null) seen.set(spec.name, (seen.get(spec.name) ?? 0) + 1);
        }
      }),
      { numRuns: 5000 },
    );
    expect([...seen.keys()].sort()).toEqual(cycleSpecs.map(({ name }) => name).sort());
  });

  test("goes on where the first way back passes a transaction twice", () => {
    // From 0, the way back over the rw of 1 passes 1 twice; the way round over 2 and 3 does not.
    const edges: Edge[] = [
      [0, 1, edge.rw],
      [1, 4, edge.rw],
      [4, 1, edge.ww],
      [1, 0, edge.ww],
      [1, 2, edge.ww],
      [2, 3, edge.ww],
      [3, 5, edge.rw],
      [5, 0, edge.ww],
    ];
    const spec = cycleSpecs.find(({ name }) => name === "G-nonadjacent-item")!;
    expect(shortestCycle(graphOf(6, edges), spec, () => false, new Budget(plenty))).toEqual([0, 1, 2, 3, 5]);
  });

  test("depends on the graph alone, not on the order in which its edges were found", () => {
    fc.assert(
      fc.property(tangles, fc.nat(), (tangle, turn) => {
        const isHelper = (node: number): boolean => node >= tangle.transactions;
        const at = turn % Math.max(1, tangle.edges.length);
        const turned = [...tangle.edges.slice(at), ...tangle.edges.slice(0, at)].reverse();
        for (const spec of cycleSpecs) {
          const [one, other] = [tangle.edges, turned].map((edges) =>
            shortestCycle(graphOf(tangle.nodes, edges), spec, isHelper, new Budget(plenty)),
          );
          expect(other).toEqual(one);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("never spends much more than its budget", () => {
    const size = 300;
    const edges = Array.from({ length: size * 20 }, (_, i): Edge => {
      const from = i % size;
      return [from, (from + 1 + ((i * 7919) % (size - 1))) % size, i % 3 === 0 ? edge.rw : edge.wr];
    });
    const spec = cycleSpecs.find(({ name }) => name === "G-nonadjacent-item-realtime")!;
    const budget = new Budget(1000);
    const graph = graphOf(size, [...edges, [0, 1, edge.realtime]]);
    shortestCycle(graph, spec, () => false, budget);
    expect(budget.spent).toBeLessThan(1100);
  });
});
