import { expect, test } from "vitest";

import { witnessView } from "../../../src/checkers/explain/witness-view.ts";
import type { Witness } from "../../../src/checkers/verdict.ts";
import { witnessGraph } from "../../../src/report/witness/witness-graph.ts";
import { witnessMarkdown } from "../../../src/report/witness/witness-markdown.ts";
import { witnessDot } from "../../../src/report/witness/write-witnesses.ts";
import { exampleWitness, hostileVerdict, longCircle } from "./fixtures.ts";

const fixed: readonly (readonly [string, Witness])[] = [
  ...["G0", "G-single-item", "G2", "G-nonadjacent-item", "lost-update", "G-single-item-realtime"].map(
    (name) => [name, exampleWitness(name)] as const,
  ),
  ["hostile", hostileVerdict().anomalies["G-single-item"]![0]!],
];

test.each(fixed)("%s in Graphviz's language", async (name, witness) => {
  await expect(witnessDot(name, witness, witnessView(witness))).toMatchFileSnapshot(
    `snapshots/${name}.dot.snap`,
  );
});

test.each(fixed)("%s in Markdown", async (name, witness) => {
  const text = witnessMarkdown(name, witness, witnessView(witness), { svg: `${name}-1.svg` });
  await expect(text).toMatchFileSnapshot(`snapshots/${name}.md.snap`);
});

test("Markdown without a picture holds the graph and says why", () => {
  const witness = exampleWitness("G0");
  const text = witnessMarkdown("G0", witness, witnessView(witness), {
    dot: "digraph {}\n",
    reason: "it is <big>",
  });
  expect(text).toContain("There is no picture: it is &lt;big&gt;.");
  expect(text).toContain("```dot\ndigraph {}\n```");
  expect(text).not.toContain("![");
});

test("a witness is a small graph: an edge per step, along the circle", () => {
  const graph = witnessGraph(witnessView(exampleWitness("G-nonadjacent-item")));
  expect(graph.nodes()).toEqual(["T1", "T2", "T3", "T4"]);
  expect(graph.edges().map(({ v, w }) => `${v}${w}`)).toEqual(["T1T2", "T2T3", "T3T4", "T4T1"]);
});

test("what decides: the anti-dependencies, else the reads, else the step that closes the circle", () => {
  const decide = (name: string): readonly (readonly [string, boolean])[] =>
    witnessView(exampleWitness(name)).steps.map(({ type, decides }) => [type, decides]);
  expect(decide("G-single-item")).toEqual([
    ["rw", true],
    ["wr", false],
  ]);
  expect(decide("G1c").every(([type, decides]) => decides === (type === "wr"))).toBe(true);
  expect(decide("G0").map(([, decides]) => decides)).toEqual([false, true]);
});

test("edges lead from line to line: from the read to the append that it missed", () => {
  const { transactions, steps } = witnessView(exampleWitness("G-single-item"));
  const [missed] = steps;
  expect(transactions[missed!.from]!.lines[missed!.fromLine!]!.text).toBe("read x → []");
  expect(transactions[missed!.to]!.lines[missed!.toLine!]!.text).toBe("append 1 to x");
});

test("a long transaction is cut to the lines that a step hangs on", () => {
  const witness = exampleWitness("G-single-item");
  const [first, ...rest] = witness.cycle;
  const mops = first!.value as readonly unknown[];
  const filler = Array.from({ length: 40 }, (_, i) => ["append", "z", i]);
  const value = [...filler, ...mops, ...filler] as never;
  const { transactions } = witnessView({ ...witness, cycle: [{ ...first!, value }, ...rest] });
  expect(transactions[0]!.lines.map(({ text }) => text)).toEqual([
    "append 0 to z",
    "… 39 more",
    "read x → []",
    "read y → [1]",
    "… 39 more",
    "append 39 to z",
  ]);
});

test("long circles stand below each other, short ones side by side", () => {
  const [witness] = longCircle(5).anomalies["G2-item"]!;
  expect(witnessDot("G2-item", witness!, witnessView(witness!))).toContain("rankdir=TB");
  const short = exampleWitness("G2");
  expect(witnessDot("G2", short, witnessView(short))).toContain("rankdir=LR");
});
