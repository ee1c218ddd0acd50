import fc from "fast-check";
import { expect, test } from "vitest";

import { EdgeList } from "../../../src/checkers/graph/edge-list.ts";
import { processOrder } from "../../../src/checkers/infer/process-order.ts";
import { realtimeOrder } from "../../../src/checkers/infer/realtime-order.ts";
import { transactions } from "../../../src/checkers/infer/transactions.ts";
import { stream } from "../../../src/random/rng.ts";
import type { History } from "../../../src/history/history.ts";
import { serialRun } from "../support/stores.ts";

/** What is reachable from each transaction, helpers included. */
function reachable(edges: EdgeList): ReadonlySet<string> {
  const { from, to } = edges.columns();
  const next = Array.from({ length: edges.nodes }, () => [] as number[]);
  from.forEach((source, e) => next[source]!.push(to[e]!));
  const pairs = new Set<string>();
  for (let node = 0; node < edges.transactions; node++) {
    const reached = new Set(next[node]);
    for (const other of reached) for (const further of next[other]!) reached.add(further);
    for (const other of reached) if (other < edges.transactions) pairs.add(`${node} ${other}`);
  }
  return pairs;
}

/** The definition, pair by pair. */
function precedes(history: History): ReadonlySet<string> {
  const { count, row, committed } = transactions(history);
  const pairs = new Set<string>();
  for (let a = 0; a < count; a++)
    for (let b = 0; b < count; b++)
      if (committed[a] === 1 && row[a]! < history.pair[row[b]!]!) pairs.add(`${a} ${b}`);
  return pairs;
}

test("is exactly the order of completions before invocations", () => {
  fc.assert(
    fc.property(fc.nat().map(String), fc.integer({ min: 1, max: 40 }), (seed, count) => {
      const history = serialRun(stream(seed, "realtime"), "list", count);
      const nodes = transactions(history);
      const edges = new EdgeList(nodes.count);
      realtimeOrder(nodes, edges);
      expect(reachable(edges)).toEqual(precedes(history));
      expect(edges.length).toBeLessThanOrEqual(3 * count);
    }),
  );
});

test("session order links the committed transactions of a process one after the other", () => {
  const history = serialRun(stream("1", "process"), "list", 60);
  const nodes = transactions(history);
  const edges = new EdgeList(nodes.count);
  processOrder(nodes, edges);
  const { from, to } = edges.columns();
  expect(from.length).toBeGreaterThan(20);
  from.forEach((a, e) => {
    const [first, second] = [nodes.row[a]!, nodes.row[to[e]!]!];
    expect(history.process[first]).toBe(history.process[second]);
    expect(first).toBeLessThan(second);
  });
});
