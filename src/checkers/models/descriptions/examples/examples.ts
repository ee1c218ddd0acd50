import { invariants } from "../invariants/invariants.ts";
import { cycleExamples } from "./cycles.ts";
import type { Example, Examples } from "./example.ts";
import { readExamples } from "./reads.ts";
import { registerExamples } from "./registers.ts";
import { searchExamples } from "./searches.ts";

/** Every example, by the anomaly it is for; tests confirm each by our own checkers. */
export const examples: Examples = {
  ...cycleExamples,
  ...readExamples,
  ...searchExamples,
  ...registerExamples,
  ...Object.fromEntries(Object.entries(invariants).map(([anomaly, { example }]) => [anomaly, example])),
};

/** Names that others' examples serve as well. */
const servedBy: Readonly<Record<string, string>> = {
  "write-skew": "G2-item",
  OTV: "G-single-item",
};

/** The example for an anomaly, or undefined. */
export function exampleOf(anomaly: string): Example | undefined {
  const name = servedBy[anomaly] ?? anomaly;
  return Object.hasOwn(examples, name) ? examples[name] : undefined;
}
