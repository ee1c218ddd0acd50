import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import { HistoryError } from "../../../src/history/history-error.ts";
import { encodeHeader } from "../../../src/history/jsonl.ts";
import { parseHistory } from "../../../src/history/load-history.ts";
import type { Json } from "../../../src/history/operation.ts";
import { header } from "../support/notation.ts";

/** Completions of transactions in a file of their own, one a line. */
function file(values: readonly Json[], ours: boolean): string {
  const lines = values.flatMap((value, process) => [
    { index: 2 * process, time: 0, process, type: "invoke", f: "txn", value: null },
    { index: 2 * process + 1, time: 0, process, type: "ok", f: "txn", value },
  ]);
  const head = ours ? [encodeHeader(header("mysql", "read-uncommitted"))] : [];
  return [...head, ...lines.map((line) => JSON.stringify(line))].map((line) => `${line}\n`).join("");
}

const judge = (values: readonly Json[], ours = false): Verdict =>
  check(parseHistory(file(values, ours), "run.jsonl").history, { model: "read-uncommitted" });

const other: Json = [["r", "z", null]];

describe("one value that was written twice makes the verdict unknown, and the reason names it", () => {
  test.each([
    ["append", [[["append", "x", 1]], [["append", "x", 1]], [["r", "x", [1]]]]],
    ["append", [[["append", "x", 1], ["append", "x", 1]], [["r", "x", [1, 1]]]]], // prettier-ignore
    ["append", [[["append", "x", "1.0"]], [["append", "x", "1.0"]], other]],
    ["w", [[["w", "x", 1]], [["w", "x", 1]], [["r", "x", 1]]]],
    ["add", [[["add", "x", 1]], [["add", "x", 1]], [["rs", "x", [1]]]]],
  ] as const)("by %s: %j", (_, values) => {
    for (const ours of [true, false]) {
      const { valid, because } = judge(values, ours);
      expect(valid).toBe("unknown");
      expect(because).toMatch(/1(\.0)?.*"?x"?/);
    }
  });

  test("the same value in two keys is no such thing", () => {
    expect(judge([[["append", "x", 1]], [["append", "y", 1]], [["r", "x", [1]], ["r", "y", [1]]]]).valid).toBe(true); // prettier-ignore
    expect(judge([[["w", "x", 1]], [["w", "y", 1]], [["r", "x", 1], ["r", "y", 1]]]).valid).toBe(true); // prettier-ignore
    expect(judge([[["add", "x", 1]], [["add", "y", 1]], [["rs", "x", [1]], ["rs", "y", [1]]]]).valid).toBe(true); // prettier-ignore
  });

  test('1 and "1" are two values', () => {
    expect(judge([[["append", "x", 1]], [["append", "x", "1"]], [["r", "x", ["1", 1]]]]).valid).toBe(true);
  });
});

describe("a value nobody wrote", () => {
  const cases = [
    ["list", [[["append", "x", 1]], [["r", "x", [1]]], [["r", "y", [7]]]]],
    ["register", [[["w", "x", 1]], [["r", "x", 1]], [["w", "y", 2]], [["r", "y", 7]]]],
    ["set", [[["add", "x", 1]], [["rs", "x", [1]]], [["rs", "y", [7]]]]],
  ] as const;

  test.each(cases)("is garbage where the run began empty: %s", (_, values) => {
    const verdict = judge(values, true);
    expect(verdict).toMatchObject({ valid: false, anomalyTypes: ["garbage-read"], not: [], alsoNot: [] });
    expect(verdict.anomalies["garbage-read"]?.[0]?.explanation).toContain("7");
  });

  // A set that held rows before says so by its rows alone, and no other row is put in question by them.
  test.each(cases.slice(0, 2))("may have been there before in a history of others: %s", (_, values) => {
    const verdict = judge(values);
    expect(verdict).toMatchObject({ valid: "unknown", anomalyTypes: [] });
    expect(verdict.because).toContain("7");
  });
});

describe("a transaction that makes no sense is refused with its place, or makes the verdict unknown", () => {
  test.each([
    '[["append","x"]]',
    '[["append","x",null]]',
    '[["append","x",[1]]]',
    '[["r","x",5],["append","x",2]]',
    '[["rs","x",3]]',
    '[["add","x",null]]',
    '[["add","x",[1]]]',
    '[["w","x",null]]',
    '[["increment","x",2]]',
  ])("%s", (value) => {
    const good = [[["append", "x", 7]], [["r", "x", [7]]]];
    const text =
      file(good, false) + `{"index":9,"time":9,"process":9,"type":"ok","f":"txn","value":${value}}\n`;
    let verdict: Verdict;
    try {
      verdict = check(parseHistory(text, "run.jsonl").history, { model: "serializable" });
    } catch (error) {
      expect(error).toBeInstanceOf(HistoryError);
      expect((error as Error).message).toMatch(/^run\.jsonl:5:/);
      return;
    }
    expect(verdict).toMatchObject({ valid: "unknown" });
    expect(verdict.because).not.toContain("crashed");
    expect(verdict.because).toMatch(/index 9|"increment"|"x"/);
  });
});
