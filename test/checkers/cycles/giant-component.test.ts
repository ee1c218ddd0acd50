import { expect, test } from "vitest";

import { findCycles } from "../../../src/checkers/cycles/find-cycles.ts";
import { edge } from "../../../src/checkers/graph/edge-type.ts";
import { type Edge, graphOf } from "../support/graphs.ts";

const size = 200_000;
const half = size / 2;
const { ww, wr, rw, rwp, process, realtime, silent } = edge;

/** One cycle through everything, the type of each edge by its source. */
function ring(type: (node: number) => number): readonly Edge[] {
  return Array.from({ length: size }, (_, node): Edge => [node, (node + 1) % size, type(node)]);
}

/** Later halves' transactions overwritten by earlier ones, and real time over a chain of helpers. */
function backInTime(): readonly Edge[] {
  return Array.from({ length: size }, (_, node): Edge[] => [
    ...(node >= half ? [[node, node - half, ww] as const] : []),
    [node, size + node, realtime],
    ...(node > 0
      ? [[size + node - 1, size + node, silent] as const, [size + node - 1, node, silent] as const]
      : []),
  ]).flat();
}

/** A tangle: each transaction depends on four others, far and near. */
function tangle(types: readonly number[]): readonly Edge[] {
  return Array.from({ length: size }, (_, node): Edge[] =>
    types.map((type, i) => [node, (node * (2 * i + 3) + 7919 * (i + 1)) % size, type] as const),
  )
    .flat()
    .filter(([from, to]) => from !== to);
}

const shapes: readonly [name: string, length: number, edges: () => readonly Edge[]][] = [
  ["G0", size, () => ring(() => ww)],
  ["G1c", size, () => ring((node) => (node === half ? wr : ww))],
  ["G-single-item", size, () => ring((node) => (node === half ? rw : wr))],
  ["G-single", size, () => ring((node) => (node === half ? rwp : ww))],
  ["G-nonadjacent-item", size, () => ring((node) => (node % 2 === 0 ? rw : wr))],
  ["G-nonadjacent", size, () => ring((node) => (node === 7 ? rwp : node === half ? rw : wr))],
  ["G2-item", size, () => ring(() => rw)],
  ["G2", size, () => ring((node) => (node < 2 ? rwp : ww))],
  ["G0-process", size, () => ring((node) => (node % 2 === 0 ? ww : process))],
  ["G1c-process", size, () => ring((node) => (node % 2 === 0 ? wr : process))],
  ["G-single-item-process", size, () => ring((node) => (node === 5 ? rw : process))],
  ["G-nonadjacent-item-process", size, () => ring((node) => (node % 2 === 0 ? rw : process))],
  ["G2-item-process", size, () => ring((node) => (node < 2 ? rw : process))],
  ["G0-realtime", 2, backInTime],
];

test.each(shapes)("%s among 200,000 transactions that all depend on each other", (name, length, edges) => {
  const { found, unnamed, cutShort } = findCycles(graphOf(2 * size, edges()), size);
  expect([...found.keys()]).toEqual([name]);
  expect(found.get(name)![0]!.filter((node) => node < size)).toHaveLength(length);
  expect([...unnamed.keys()]).toEqual([]);
  expect(cutShort).toEqual([]);
});

test("a tangle of 200,000 transactions in which short cycles hide", () => {
  const { found, unnamed } = findCycles(graphOf(size, tangle([ww, wr, rw, wr])), size);
  expect(found.size).toBeGreaterThan(0);
  expect([...unnamed.keys()]).toEqual([]);
  for (const paths of found.values()) expect(paths[0]!.length).toBeLessThan(40);
});
