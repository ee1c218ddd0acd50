import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { edge } from "../../../src/checkers/graph/edge-type.ts";
import { EdgeList } from "../../../src/checkers/graph/edge-list.ts";
import { Findings } from "../../../src/checkers/infer/finding.ts";
import { set } from "../../../src/checkers/infer/set.ts";
import { transactions } from "../../../src/checkers/infer/transactions.ts";
import type { History } from "../../../src/history/history.ts";
import { concurrent, event, fromEvents, header, sequential } from "../support/notation.ts";

const observed = (texts: readonly string[]): readonly string[] =>
  check(concurrent(texts), { model: "serializable" }).observed;

test("registering without a lock is predicate write skew: G2, and nothing stronger", () => {
  const verdict = check(concurrent(["sx +xa", "sx +xb", "sxab"]), { model: "serializable" });
  expect(verdict).toMatchObject({
    valid: false,
    observed: ["G2"],
    anomalyTypes: ["G2"],
    not: ["serializable"],
    alsoNot: ["strong-serializable", "strong-session-serializable"],
  });
  for (const model of ["read-committed", "snapshot-isolation", "repeatable-read"])
    expect(check(concurrent(["sx +xa", "sx +xb", "sxab"]), { model })).toMatchObject({
      valid: true,
      observed: ["G2"],
      not: [],
    });
});

test("two readers may see {b} and {a, b} at read committed: no order of inserts is inferred", () => {
  const verdict = check(concurrent(["+xa", "+xb", "sxb", "sxab", "sxa"]), { model: "read-committed" });
  expect(verdict).toMatchObject({ valid: true, anomalyTypes: [] });
  expect(verdict.observed).toEqual(["G-nonadjacent"]);
});

describe("anomalies", () => {
  test.each([
    ["G1a", ["!+xa", "+xb", "sxab"]],
    ["internal", ["+xa sx"]],
    ["future-read", ["sxa +xa"]],
    ["G-single", ["+xa +ya", "sxa sy"]],
    ["G-single", ["+xa", "sx sxa"]],
    ["G-nonadjacent", ["+xa", "+yb", "sxa sy", "sx syb"]],
    ["G1c", ["+xa syb", "+yb sxa"]],
  ])("%s: %j", (type, texts) => {
    expect(observed(texts)).toEqual([type]);
  });

  test.each([
    ["an insert of unknown outcome that nobody saw", ["?+xa", "sx", "+xb sxb"]],
    ["an insert of unknown outcome that somebody saw", ["?+xa", "sxa"]],
    ["its own insert beside others'", ["+xa", "sxa +xb sxab"]],
    ["a failed insert that nobody saw", ["!+xa", "sx"]],
    ["rows in another order", ["+xa", "+xb", "sxab", "sxba"]],
    ["no result at all", ["+xa sx_", "sxa sx_"]],
  ])("none: %s", (_, texts) => {
    expect(observed(texts)).toEqual([]);
  });

  test("a missed insert is stale in real time", () => {
    expect(check(sequential(["+xa", "sx"]), { model: "strict-serializable" }).observed).toEqual([
      "G-single-realtime",
    ]);
  });

  test("an element nobody wrote counts only where the run began empty", () => {
    expect(observed(["+xa", "sxaq"])).toEqual([]);
    const ours = concurrent(["+xa", "sxaq"], { header: header() });
    expect(check(ours)).toMatchObject({ valid: false, anomalyTypes: ["garbage-read"] });
  });
});

test("elsewhere it leaves the verdict open, or is noted where reads are believed", () => {
  const events = ["+xa", "sxab"];
  expect(check(concurrent(events), { model: "read-committed" })).toMatchObject({ valid: "unknown" });
  const believed = { ...concurrent(events), beginning: "as-read" } as const;
  const { valid, notes } = check(believed, { model: "read-committed" });
  expect([valid, notes.length]).toEqual([true, 1]);
});

test("the sentence of a missed element", () => {
  const { anomalies } = check(concurrent(["sx +xa", "sx +xb"]), { model: "serializable" });
  expect(anomalies.G2?.[0]?.steps.map(({ explanation }) => explanation)).toEqual([
    "T1 did not see T2's insert of b into x, though T2 committed it: T1 read {}",
    "T2 did not see T1's insert of a into x, though T1 committed it: T2 read {}",
  ]);
});

describe("large sets", () => {
  const element = (i: number): string => `e${i}`;
  /** Transactions that each insert one element and saw some, as bits. */
  const history = (views: readonly (readonly number[])[]): History =>
    fromEvents(
      views.map((view, i) =>
        event(i, "ok", [
          ["rs", "x", view.map(element)],
          ["add", "x", element(i)],
        ]),
      ),
    );

  test("depend over helpers exactly as they would directly", () => {
    const size = 90;
    const view = fc.uniqueArray(fc.nat(size - 1), { maxLength: size });
    fc.assert(
      fc.property(fc.array(view, { minLength: size, maxLength: size }), (drawn) => {
        // Its own later insert would be a future read, not a dependency.
        const views = drawn.map((seen, i) => seen.filter((j) => j !== i));
        const expected = views.flatMap((seen, i) =>
          views.flatMap((_, j) => (i === j ? [] : [seen.includes(j) ? `wr ${j} ${i}` : `rwp ${i} ${j}`])),
        );
        expect(dependencies(history(views))).toEqual(expected.sort());
      }),
      { numRuns: 20 },
    );
  });

  test("need near-linear edges when each reads a prefix", () => {
    const edgesOf = (size: number): number => {
      const views = Array.from({ length: size }, (_, i) => Array.from({ length: i }, (_, j) => j));
      return edgeListOf(history(views)).length;
    };
    expect(edgesOf(800)).toBeLessThan(800 * 40);
    expect(edgesOf(800) / edgesOf(400)).toBeLessThan(3);
  });

  test("of a serial run are valid, and one missed element is found", () => {
    const views = Array.from({ length: 120 }, (_, i) => Array.from({ length: i }, (_, j) => j));
    expect(check(history(views), { model: "serializable" }).observed).toEqual([]);
    const broken = views.map((view, i) => (i === 100 ? view.filter((j) => j !== 99) : view));
    const { observed: found, anomalies } = check(history(broken), { model: "serializable" });
    expect(found).toEqual(["G2"]);
    expect(anomalies.G2?.[0]?.cycle).toHaveLength(2);
    expect(anomalies.G2?.[0]?.steps.map(({ value }) => value)).toEqual(["e100", "e99"]);
  });
});

function edgeListOf(history: History): EdgeList {
  const nodes = transactions(history);
  const edges = new EdgeList(nodes.count);
  set.infer({ transactions: nodes, edges, findings: new Findings() });
  return edges;
}

/** Every dependency between transactions, helpers followed to their ends, as sorted text. */
function dependencies(history: History): readonly string[] {
  const edges = edgeListOf(history);
  const { from, to, type } = edges.columns();
  const silent = new Map<number, number[]>();
  from.forEach((source, e) => {
    if (type[e] !== edge.silent) return;
    silent.set(source, [...(silent.get(source) ?? []), to[e]!]);
  });
  const found = new Set<string>();
  from.forEach((source, e) => {
    if (type[e] === edge.silent) return;
    const name = type[e] === edge.wr ? "wr" : "rwp";
    const reached = [to[e]!];
    for (const node of reached) {
      if (node < edges.transactions) found.add(`${name} ${source} ${node}`);
      else reached.push(...(silent.get(node) ?? []));
    }
  });
  return [...found].sort();
}
