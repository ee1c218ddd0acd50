import { describe, expect, test } from "vitest";

import { check } from "../../src/checkers/check.ts";
import { inferences } from "../../src/checkers/infer/inferences.ts";
import { modelNames } from "../../src/checkers/models/names.ts";
import { encodeEdnHistory } from "../../src/history/edn-history.ts";
import { HistoryError } from "../../src/history/history-error.ts";
import { encodeJsonLines } from "../../src/history/jsonl.ts";
import { parseHistory } from "../../src/history/load-history.ts";
import { type Rng, stream } from "../../src/random/rng.ts";
import { damagedRecords, damagedText, type Record } from "./support/mutations.ts";
import { serialRun, snapshotRun } from "./support/stores.ts";

/** What comes of one input: how its verdict reads, or that it was refused with a clear sentence. */
type Outcome = "true" | "false" | "unknown" | "refused";

const slowMs = 20_000;

function judge(rng: Rng, text: string, name: string): Outcome {
  const workload = rng.pick([undefined, undefined, ...inferences.keys()]);
  const model = rng.pick(modelNames());
  let history;
  try {
    ({ history } = parseHistory(text, name));
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    expect(error.message).toMatch(/^[\w.-]+:/);
    expect(error.message).not.toMatch(/undefined|\[object/);
    return "refused";
  }
  const verdict = check(history, { model, ...(workload === undefined ? {} : { workload }) });
  const said = [...verdict.notes, ...(verdict.because === undefined ? [] : [verdict.because])];
  expect(said.filter((sentence) => /crashed|undefined|\[object/.test(sentence))).toEqual([]);
  expect(verdict.valid === "unknown").toBe(verdict.because !== undefined);
  expect(verdict.valid === false).toBe(verdict.anomalyTypes.length > 0);
  for (const witnesses of Object.values(verdict.anomalies)) expect(witnesses.length).toBeGreaterThan(0);
  JSON.stringify(verdict);
  return `${verdict.valid}`;
}

function someRun(rng: Rng): ReturnType<typeof serialRun> {
  return rng.pick([serialRun, snapshotRun])(rng, rng.pick(["list", "set"]), 2 + rng.int(25));
}

function tally(count: number, one: (rng: Rng) => Outcome): ReadonlyMap<Outcome, number> {
  const outcomes = new Map<Outcome, number>();
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const seed = `mutation ${i}`;
    const outcome = one(stream(seed, "mutate"));
    expect(performance.now() - began, `${seed} takes too long`).toBeLessThan(slowMs);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

describe("a damaged history is judged or refused, and nothing else", () => {
  test("1,000 of which the text was damaged", () => {
    const outcomes = tally(1000, (rng) => {
      const history = someRun(rng);
      const lines = [...encodeJsonLines(history)];
      const [text, name] = rng.pick([
        [lines.join(""), "damaged.jsonl"] as const,
        [`[${lines.join(",")}]`, "damaged.json"] as const,
        [[...encodeEdnHistory(history)].join(""), "damaged.edn"] as const,
      ]);
      return judge(rng, damagedText(rng, text), name);
    });
    for (const outcome of ["unknown", "refused"] as const)
      expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(50);
  });

  test("1,000 of which the contents were damaged", () => {
    const outcomes = tally(1000, (rng) => {
      const records = [...encodeJsonLines(someRun(rng))].map((line) => JSON.parse(line) as Record);
      const text = damagedRecords(rng, records).map((record) => `${JSON.stringify(record)}\n`);
      return text.length === 0 ? "refused" : judge(rng, text.join(""), "damaged.jsonl");
    });
    for (const outcome of ["true", "false", "unknown", "refused"] as const)
      expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(5);
  });
});
