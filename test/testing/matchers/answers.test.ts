import { resolve } from "node:path";
import { expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { historyBuilder } from "../../../src/history/history-builder.ts";
import { loadHistorySync, parseHistory } from "../../../src/history/load-history.ts";
import type { Header } from "../../../src/history/header.ts";
import type { History } from "../../../src/history/history.ts";
import { satisfies } from "../../../src/testing/matchers/satisfies.ts";
import { shows } from "../../../src/testing/matchers/shows.ts";
import { invariant } from "../../../src/workload/invariant.ts";

const golden = (name: string): string => resolve(import.meta.dirname, "../../../histories", name);

const nothing = historyBuilder(null).build();

/** One append that surely succeeded, under the header of a run of ours. */
function run(header: Partial<Header>): History {
  const whole: Header = {
    isolab: 1,
    seed: "1",
    workload: "append",
    params: {},
    mode: "stress",
    isolation: "serializable",
    database: { kind: "postgres", version: "18", settings: {} },
    ...header,
  };
  const builder = historyBuilder(whole);
  builder.add({ index: 0, time: 0, process: 0, type: "invoke", f: "txn", value: [["append", "x", 1]] });
  builder.add({ index: 1, time: 1, process: 0, type: "ok", f: "txn", value: [["append", "x", 1]] });
  return builder.build();
}

test.each([
  ["list-serial.jsonl", "serializable", true],
  ["list-write-skew.jsonl", "serializable", false],
  ["list-write-skew.jsonl", "snapshot-isolation", true],
  ["list-write-skew.jsonl", "SI", true],
  ["list-g1a.jsonl", "read-committed", false],
  ["list-g1a.jsonl", "read-uncommitted", true],
  ["list-g0-realtime.edn", "serializable", true],
  ["list-g0-realtime.edn", "strict-serializable", false],
  ["register-write-skew.edn", "be-causal", true],
  ["list-garbage-read.jsonl", "read-uncommitted", false],
])("%s satisfies %s: %s", (file, model, holds) => {
  expect(satisfies(golden(file), model).holds).toBe(holds);
});

test.each([
  ["list-write-skew.jsonl", "write-skew", true],
  ["list-write-skew.jsonl", "A5B", true],
  ["list-write-skew.jsonl", "G2-item", true],
  ["list-write-skew.jsonl", "G1a", false],
  ["list-g1a.jsonl", "dirty-read", true],
  // A case of it.
  ["list-g1a.jsonl", "G1", true],
  ["list-serial.jsonl", "G1", false],
  ["list-serial.jsonl", "write-skew", false],
  ["list-lost-update.jsonl", "lost-update", true],
  // Only where the order of time counts, which this name asks for.
  ["list-g0-realtime.edn", "G0-realtime", true],
  ["list-g0-realtime.edn", "G0", false],
  ["list-g0-process.jsonl", "G0-process", true],
])("%s shows %s: %s", (file, anomaly, holds) => {
  expect(shows(golden(file), anomaly).holds).toBe(holds);
});

test("a history that proves nothing neither satisfies a model nor lacks an anomaly", () => {
  expect(satisfies(nothing, "serializable")).toMatchObject({ holds: "unknown" });
  expect(shows(nothing, "G1a")).toMatchObject({ holds: "unknown" });
  expect(satisfies(check(nothing), "serializable")).toMatchObject({
    holds: "unknown",
    sentence: "No operation surely succeeded, so the history proves nothing",
  });
});

test("what no anomaly breaks cannot be proven, and what is never reported is never shown to be absent", () => {
  const { history } = parseHistory(
    '{"index":0,"time":0,"process":0,"type":"invoke","f":"txn","value":[["append","x",1]]}\n{"index":1,"time":1,"process":0,"type":"ok","f":"txn","value":[["append","x",1]]}\n{"index":2,"time":2,"process":0,"type":"invoke","f":"txn","value":[["r","x",null]]}\n{"index":3,"time":3,"process":0,"type":"ok","f":"txn","value":[["r","x",[1]]]}',
    "small.jsonl",
  );
  expect(satisfies(history, "serializable").holds).toBe(true);
  expect(satisfies(history, "linearizable")).toMatchObject({
    holds: "unknown",
    sentence: expect.stringContaining("no anomaly that breaks linearizable") as string,
  });
  expect(shows(history, "OTV")).toMatchObject({
    holds: "unknown",
    sentence: expect.stringContaining("does not look for OTV") as string,
  });
});

test("a broken invariant is absent only where its check was made", () => {
  const unasked = run({});
  expect(shows(unasked, "duplicate-version")).toMatchObject({
    holds: "unknown",
    sentence: expect.stringContaining('pass { checks: ["versions"] }') as string,
  });
  expect(shows(unasked, "duplicate-version", { checks: ["versions"] }).holds).toBe(false);
  expect(shows(run({ checks: ["versions"] }), "duplicate-version").holds).toBe(false);
  // Its own file is not here, so nobody looked.
  expect(shows(run({ checks: ["over-redeemed"] }), "over-redeemed").holds).toBe("unknown");
});

test("invariants of one's own are asked for by name", () => {
  const always = invariant({
    name: "never-happy",
    summary: "nobody appends",
    each: () => "x was appended to",
  });
  const never = invariant({ name: "always-happy", summary: "all is well", each: () => null });
  const history = run({});
  expect(shows(history, "never-happy", { checks: [always] })).toMatchObject({
    holds: true,
    sentence: "the history shows never-happy",
  });
  expect(shows(history, "always-happy", { checks: [never] }).holds).toBe(false);
  // Broken invariants are the application's, not the model's.
  expect(satisfies(history, "serializable").holds).toBe(true);
});

test("a verdict answers as far as it goes, and no further", () => {
  const judged = (file: string, model: string): ReturnType<typeof check> =>
    check(parseHistoryOf(file), { model });
  // Allowed by its own model, seen nevertheless.
  expect(satisfies(judged("list-write-skew.jsonl", "snapshot-isolation"), "serializable").holds).toBe(false);
  expect(satisfies(judged("list-serial.jsonl", "read-committed"), "serializable").holds).toBe(true);
  expect(satisfies(judged("list-serial.jsonl", "strict-serializable"), "serializable").holds).toBe(true);
  // Without the order of time nobody looked for what it closes.
  expect(satisfies(judged("list-serial.jsonl", "serializable"), "strict-serializable")).toMatchObject({
    holds: "unknown",
    sentence: expect.stringContaining("ask the history") as string,
  });
  expect(satisfies(judged("list-serial.jsonl", "serializable"), "be-causal").holds).toBe("unknown");
  expect(shows(judged("list-serial.jsonl", "serializable"), "G0-realtime").holds).toBe("unknown");
  expect(shows(judged("list-g0-realtime.edn", "strict-serializable"), "G0-realtime").holds).toBe(true);
  expect(shows(judged("list-write-skew.jsonl", "serializable"), "write-skew").holds).toBe(true);
  // Invalid for another reason: what it says of the model cannot be told.
  const broken = { ...judged("list-serial.jsonl", "serializable"), valid: false as const };
  const withDuplicate = { ...broken, anomalyTypes: ["duplicate-version"], observed: ["duplicate-version"] };
  expect(satisfies(withDuplicate, "serializable")).toMatchObject({
    holds: "unknown",
    sentence: expect.stringContaining("leaves open whether the history is serializable") as string,
  });
});

test("G2-item of more transactions than two is called write skew by nobody, nor is it denied", () => {
  // Three doctors in a ring: each reads the next one's row and writes its own.
  const ring = ["x", "y", "z"].flatMap((key, i, keys) => {
    const next = keys[(i + 1) % 3] ?? "";
    const line = (index: number, type: string, read: unknown): string =>
      JSON.stringify({
        index,
        time: index,
        process: i,
        type,
        f: "txn",
        value: [
          ["r", next, read],
          ["append", key, 1],
        ],
      });
    return [line(i, "invoke", null), line(3 + i, "ok", [])];
  });
  const { history } = parseHistory(
    ring
      .sort((a, b) => (JSON.parse(a) as { index: number }).index - (JSON.parse(b) as { index: number }).index)
      .join("\n"),
    "ring.jsonl",
  );
  expect(shows(history, "G2-item").holds).toBe(true);
  expect(shows(history, "write-skew")).toMatchObject({
    holds: "unknown",
    sentence: expect.stringContaining("G2-item") as string,
  });
});

function parseHistoryOf(file: string): History {
  return loadHistorySync(golden(file)).history;
}
