import fc from "fast-check";
import { expect, test } from "vitest";

import { edge } from "../../../src/checkers/graph/edge-type.ts";
import { EdgeList } from "../../../src/checkers/graph/edge-list.ts";
import { Findings } from "../../../src/checkers/infer/finding.ts";
import { register } from "../../../src/checkers/infer/register.ts";
import type { KeyAssumptions } from "../../../src/checkers/infer/register/key-assumptions.ts";
import { transactions } from "../../../src/checkers/infer/transactions.ts";
import type { History } from "../../../src/history/history.ts";
import type { Json, Mop } from "../../../src/history/operation.ts";
import { type Rng, stream } from "../../../src/random/rng.ts";
import { asInvoked, event, type Event, fromEvents } from "../support/notation.ts";
import { referenceEdges } from "./register-reference.ts";

interface Store {
  readonly processes: number;
  readonly keys: number;
  readonly count: number;
  /** How often a read shows something else than the latest value. */
  readonly stale: number;
}

/** A store that takes effect at completion, with outcomes of every kind, and reads that go astray. */
function run(rng: Rng, { processes, keys, count, stale }: Store): History {
  const values = new Map<Json, Json[]>();
  const open: (readonly Mop[] | undefined)[] = Array.from({ length: processes }, () => undefined);
  const names = open.map((_, i) => i);
  const events: Event[] = [];
  let written = 0;
  let fresh = processes;
  for (let left = count; left > 0 || open.some((mops) => mops !== undefined);) {
    const slot = rng.int(processes);
    const mops = open[slot];
    if (mops === undefined) {
      if (left-- <= 0) continue;
      const planned = Array.from({ length: 1 + rng.int(3) }, (): Mop => {
        const key = `k${rng.int(keys)}`;
        return rng.chance(0.5) ? ["w", key, ++written] : ["r", key, null];
      });
      open[slot] = planned;
      events.push(event(names[slot]!, "invoke", asInvoked(planned)));
      continue;
    }
    open[slot] = undefined;
    const fate = rng.float();
    const type = fate < 0.8 ? "ok" : fate < 0.88 ? "fail" : "info";
    const happens = type === "ok" || (type === "info" && rng.chance(0.5));
    const own = new Map<Json, Json>();
    const seen = mops.map(([kind, key, value]): Mop => {
      if (kind === "w") own.set(key, value);
      const known = values.get(key) ?? [];
      if (kind === "w") return [kind, key, value];
      const latest = own.get(key) ?? known.at(-1) ?? null;
      return [kind, key, rng.chance(stale) ? rng.pick([null, ...known]) : latest];
    });
    if (happens) for (const [key, value] of own) values.set(key, [...(values.get(key) ?? []), value]);
    if (fate < 0.97) events.push(event(names[slot]!, type, type === "ok" ? seen : mops));
    if (type === "info") names[slot] = fresh++;
  }
  return fromEvents(events);
}

function inferred(history: History, assumptions: KeyAssumptions): { edges: EdgeList; refuted: boolean } {
  const nodes = transactions(history);
  const edges = new EdgeList(nodes.count);
  const findings = new Findings();
  register.infer({ transactions: nodes, edges, findings, assumptions });
  return { edges, refuted: findings.all().has("cyclic-versions") };
}

/**
 * Pairs of transactions with a path over the given edge types and at most `hops` rw. (Not exactly: where
 * ww leads the same way, an rw edge adds nothing and may be left out.)
 */
function paths(edges: EdgeList, base: number, hops: number): ReadonlySet<string> {
  const { from, to, type } = edges.columns();
  const next = Array.from({ length: edges.nodes }, () => [] as number[]);
  from.forEach((source, e) => next[source]!.push(e));
  const pairs = new Set<string>();
  for (let start = 0; start < edges.transactions; start++) {
    const seen = new Set<string>();
    const queue: (readonly [node: number, hops: number])[] = [[start, 0]];
    for (const [node, used] of queue)
      for (const e of next[node]!) {
        const silent = (type[e]! & edge.silent) !== 0;
        const hop = (type[e]! & edge.rw) !== 0 ? 1 : 0;
        if (!silent && hop === 0 && (type[e]! & base) === 0) continue;
        const state = [to[e]!, used + hop] as const;
        if (used + hop > hops || seen.has(state.join(" "))) continue;
        seen.add(state.join(" "));
        queue.push(state);
        if (state[0] < edges.transactions) pairs.add(`${start} ${state[0]}`);
      }
  }
  return pairs;
}

function asEdges(history: History, assumptions: KeyAssumptions): { edges: EdgeList; refuted: boolean } {
  const { ww, wr, rw, refuted } = referenceEdges(history, assumptions);
  const edges = new EdgeList(transactions(history).count);
  for (const [pairs, type] of [
    [ww, edge.ww],
    [wr, edge.wr],
    [rw, edge.rw],
  ] as const)
    // prettier-ignore
    for (const pair of pairs) {
      const [from, to] = pair.split(" ").map(Number);
      edges.add(from!, to!, type);
    }
  return { edges, refuted: refuted > 0 };
}

test("leaves out no dependency and adds none, compared with every pair and path", { timeout: 60_000 }, () => {
  const seen = { refuted: 0, ordered: 0 };
  fc.assert(
    fc.property(
      fc.nat().map(String),
      fc.record({
        processes: fc.integer({ min: 1, max: 6 }),
        keys: fc.integer({ min: 1, max: 4 }),
        count: fc.integer({ min: 1, max: 24 }),
        stale: fc.constantFrom(0, 0, 0.03, 0.3),
      }),
      fc.record({ wfrKeys: fc.boolean(), sequentialKeys: fc.boolean(), linearizableKeys: fc.boolean() }),
      (seed, store, assumptions) => {
        const history = run(stream(seed, "parity"), store);
        const ours = inferred(history, assumptions);
        const expected = asEdges(history, assumptions);
        expect(ours.refuted).toBe(expected.refuted);
        for (const base of [edge.ww, edge.ww | edge.wr])
          for (const hops of [0, 1])
            expect(paths(ours.edges, base, hops)).toEqual(paths(expected.edges, base, hops));
        seen.refuted += Number(expected.refuted);
        seen.ordered += Number(paths(expected.edges, edge.ww, 0).size > 0);
      },
    ),
    { numRuns: 1000 },
  );
  expect(seen.refuted).toBeGreaterThan(50);
  expect(seen.ordered).toBeGreaterThan(50);
});
