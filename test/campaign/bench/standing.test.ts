import { expect, test } from "vitest";

import type { Measured } from "../../../src/campaign/bench/measure.ts";
import { standingOf, type Evidence } from "../../../src/campaign/bench/standing.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import append from "../../../workloads/append.ts";
import rmwCounter from "../../../workloads/rmw-counter.ts";

const verdict: Verdict = {
  valid: true,
  model: "read-committed",
  anomalyTypes: [],
  observed: [],
  not: [],
  alsoNot: [],
  anomalies: {},
  notes: [],
  counts: { ok: 1, fail: 0, info: 0, byF: {} },
};
const measured: Measured = {
  seconds: 1,
  committed: 90,
  throughput: 90,
  latencyMs: null,
  attemptMs: null,
  attempts: 90,
  retries: 0,
  aborts: {},
  lost: 0,
  refused: 0,
  unknown: 0,
  lockWaits: null,
};
const nothing: Evidence = { rounds: [{ verdict, measured }], elsewhere: [], declared: [] };

test("is clean when nothing speaks against it", () => {
  expect(standingOf(rmwCounter, nothing)).toEqual({ kind: "clean" });
});

test("what one round showed counts, whatever the others did", () => {
  const broken: Verdict = { ...verdict, valid: false, anomalyTypes: ["lost-increment"] };
  const unknown: Verdict = { ...verdict, valid: "unknown" };
  const rounds = [unknown, verdict, broken].map((one) => ({ verdict: one, measured }));
  expect(standingOf(rmwCounter, { ...nothing, rounds })).toEqual({
    kind: "wrong",
    anomalies: ["lost-increment"],
    seen: "here",
  });
});

test("what showed at another contention counts, and what the variant declares, of its workload's rules", () => {
  const elsewhere = ["lost-increment"];
  expect(standingOf(rmwCounter, { ...nothing, elsewhere })).toMatchObject({
    kind: "wrong",
    seen: "elsewhere",
  });
  const declared = ["lost-increment", "lost-update"];
  expect(standingOf(rmwCounter, { ...nothing, declared })).toEqual({
    kind: "wrong",
    anomalies: ["lost-increment"],
    seen: "declared",
  });
});

test("what the level allows counts only where the workload has no rules of its own", () => {
  const rounds = [{ verdict: { ...verdict, observed: ["G2-item"] }, measured }];
  expect(standingOf(rmwCounter, { ...nothing, rounds })).toEqual({ kind: "clean" });
  expect(standingOf(append, { ...nothing, rounds })).toMatchObject({ kind: "wrong", anomalies: ["G2-item"] });
});

test.each([
  [{ verdict: { ...verdict, valid: "unknown", because: "too little" } as const, measured }, "too little"],
  [{ verdict, measured: null }, "the plan was over within the warm-up"],
  [{ verdict, measured: { ...measured, committed: 0 } }, "nothing was committed while it was measured"],
])("a round that proved nothing makes it unknown (%#)", (round, because) => {
  const rounds = [{ verdict, measured }, round];
  expect(standingOf(rmwCounter, { ...nothing, rounds })).toEqual({ kind: "unknown", because });
});

test("who leaves more than a twentieth undone is not clean; what was declined is done", () => {
  const lossy = (lost: number, refused = 0) =>
    standingOf(rmwCounter, { ...nothing, rounds: [{ verdict, measured: { ...measured, lost, refused } }] });
  expect(lossy(10)).toEqual({ kind: "loses", share: 0.1 });
  expect(lossy(4)).toEqual({ kind: "clean" });
  expect(lossy(0, 500)).toEqual({ kind: "clean" });
});
