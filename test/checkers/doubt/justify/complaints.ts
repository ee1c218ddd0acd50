import type { CheckOptions } from "../../../../src/checkers/check.ts";
import type { StepType, Verdict, Witness } from "../../../../src/checkers/verdict.ts";
import type { History } from "../../../../src/history/history.ts";
import { happened, type Told, transactionsOf, withoutNumbers } from "./facts.ts";
import { registerOrder } from "./register-order.ts";
import { provesFinding } from "./justify-finding.ts";
import { isJustified, type World } from "./justify-step.ts";

/**
 * What is wrong with the witnesses of a verdict, one sentence each: a step that the history does not
 * bear out, a cycle of another shape than its name claims, operations that do not prove the finding.
 */
export function complaints(
  history: History,
  verdict: Verdict,
  options: CheckOptions = {},
): readonly string[] {
  const { plain, numbers } = withoutNumbers([...transactionsOf(history).values()]);
  const told = new Map(plain.map((one) => [one.index, one]));
  const world: World = {
    all: plain,
    sure: happened(plain),
    numbers,
    registerOrder: registerOrder(plain, numbers, options),
  };
  return Object.entries(verdict.anomalies).flatMap(([type, witnesses]) => {
    if (witnesses.length === 0) return [`${type} has no witness`];
    return witnesses.flatMap((witness) =>
      wrongIn(type, witness, told, world).map((what) => `${type}: ${what}: ${witness.explanation}`),
    );
  });
}

function wrongIn(
  type: string,
  { cycle, steps }: Witness,
  told: ReadonlyMap<number, Told>,
  world: World,
): readonly string[] {
  const transactions = cycle.flatMap(({ index }) => told.get(index) ?? []);
  if (transactions.length !== cycle.length) return ["an operation is no transaction of the history"];
  if (steps.length === 0) {
    if (type.endsWith("-cycle-exists")) return [];
    const proven = provesFinding(type, transactions, world);
    return proven === true
      ? []
      : [proven === null ? "nobody knows this anomaly" : "the operations do not prove it"];
  }
  if (steps.length !== transactions.length) return ["there are not as many steps as transactions"];
  if (new Set(transactions).size !== transactions.length) return ["a transaction comes twice"];
  const shape = shapeOf(steps.map((step) => step.type));
  const wrongShape = shape === type ? [] : [`the steps make a ${shape}`];
  const unjustified = steps.filter(
    (step, i) => !isJustified(world, step, transactions[i]!, transactions[(i + 1) % transactions.length]!),
  );
  return [...wrongShape, ...unjustified.map((step) => `the history does not show "${step.explanation}"`)];
}

/** The name of a cycle with these steps (Adya 1999, chapter 4; Cerone and Gotsman 2018 for nonadjacent). */
function shapeOf(steps: readonly StepType[]): string {
  const letters = steps.map((type) => (type === "rw" || type === "rwp" ? "a" : ".")).join("");
  const suffix = steps.includes("realtime") ? "-realtime" : steps.includes("process") ? "-process" : "";
  const item = steps.includes("rwp") ? "" : "-item";
  if (!letters.includes("a")) return (steps.includes("wr") ? "G1c" : "G0") + suffix;
  if (!/a.*a/.test(letters)) return `G-single${item}${suffix}`;
  const adjacent = `${letters}${letters.charAt(0)}`.includes("aa");
  return `${adjacent ? "G2" : "G-nonadjacent"}${item}${suffix}`;
}
