import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { describe, expect, test } from "vitest";

import { casesOf } from "../../src/checkers/cases.ts";
import { check } from "../../src/checkers/check.ts";
import type { DomainChecker } from "../../src/checkers/domain/domain-checker.ts";
import { caseOf, casesByAnomaly } from "../../src/checkers/domain/told.ts";
import { loadHistory } from "../../src/history/load-history.ts";
import type { Mop } from "../../src/history/operation.ts";
import { atRest } from "./at-rest/plays.ts";
import { concurrent, event, type Event, fromEvents, header } from "./support/notation.ts";

/** Transactions in flight at once, as events: all invoked, then all completed. */
function inFlight(transactions: readonly (readonly Mop[])[], f = "txn"): readonly Event[] {
  const invoked = transactions.map((mops, process) => ({ ...event(process, "invoke", mops), f }));
  return [...invoked, ...transactions.map((mops, process) => ({ ...event(process, "ok", mops), f }))];
}

const keys = ["a", "b", "c", "d", "e"];

test("a verdict that observed nothing has no cases", () => {
  const verdict = check(concurrent(["ax1", "rx1"], { header: header() }));
  expect(verdict).toMatchObject({ valid: true, observed: [] });
  expect(verdict).not.toHaveProperty("cases");
});

test("every recorded history: as many cases as witnesses or more, none of them missed, none earlier than the first", async () => {
  const corpus = resolve(import.meta.dirname, "../../histories");
  const files = readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(jsonl|edn)$/.test(name),
  );
  let anomalies = 0;
  for (const name of files) {
    const { history } = await loadHistory(join(corpus, name));
    const verdict = check(history);
    expect(Object.keys(verdict.cases ?? {}), name).toEqual(verdict.observed);
    for (const type of verdict.observed) {
      const witnesses = verdict.anomalies[type] ?? [];
      const known = casesOf(witnesses, false);
      const cases = verdict.cases?.[type] ?? known;
      anomalies++;
      expect(cases.count, `${name} ${type}`).toBeGreaterThanOrEqual(known.count);
      expect(cases.operations, `${name} ${type}`).toBeGreaterThanOrEqual(known.operations);
      expect(cases.firstOperation ?? 0, `${name} ${type}`).toBeLessThanOrEqual(known.firstOperation ?? 0);
      // Where all cases are witnesses the two are the same figures.
      if (!cases.more && cases.count === known.count)
        expect({ ...cases, operations: known.operations }, `${name} ${type}`).toEqual(known);
    }
  }
  expect(anomalies).toBeGreaterThan(50);
});

describe("groups of lost updates are counted beyond the witnesses", () => {
  const both = (update: (key: string, by: number) => readonly Mop[]) =>
    keys.flatMap((key) => [update(key, 1), update(key, 2)]).concat([update("e", 3)]);
  test.each<[string, (key: string, by: number) => readonly Mop[]]>([
    [
      "lists",
      (key, by) => [
        ["r", key, []],
        ["append", key, by],
      ],
    ],
    [
      "registers",
      (key, by) => [
        ["r", key, null],
        ["w", key, by],
      ],
    ],
    [
      "registers with a version column",
      (key, by) => [
        ["r", key, null],
        ["w", key, [1, `${key}${by}`]],
      ],
    ],
  ])("%s", (_, update) => {
    const { anomalies, cases } = check(fromEvents(inFlight(both(update)), header()));
    expect(anomalies["lost-update"]).toHaveLength(3);
    // Eleven transactions: the invocations have the indices 0 to 10.
    expect(cases?.["lost-update"]).toEqual({ count: 5, more: false, operations: 11, firstOperation: 11 });
  });
});

describe("of cycles, the components are counted", () => {
  const skews = (pairs: number) =>
    Array.from({ length: pairs }, (_, pair): readonly (readonly Mop[])[] => [
      [
        ["r", `x${pair}`, []],
        ["append", `y${pair}`, 1],
      ],
      [
        ["r", `y${pair}`, []],
        ["append", `x${pair}`, 1],
      ],
    ]).flat();

  test("each of which is one cycle", () => {
    const { anomalies, cases } = check(fromEvents(inFlight(skews(7)), header()));
    expect(anomalies["G2-item"]).toHaveLength(3);
    expect(cases?.["G2-item"]).toEqual({ count: 7, more: false, operations: 14, firstOperation: 14 });
  });

  test("and there may be more where one has transactions beside the cycle told", () => {
    // Three that each read what the others have yet to write: cycles of two and of three.
    const { cases } = check(concurrent(["rx ry az1", "ry rz ax1", "rz rx ay1"], { header: header() }));
    expect(cases?.["G2-item"]).toEqual({ count: 1, more: true, operations: 2, firstOperation: 3 });
  });
});

test("every read that shows what failed is a case", () => {
  const texts = ["!ax1", "rx1", "rx1", "rx1", "rx1", "rx1"];
  expect(check(concurrent(texts)).cases?.G1a).toEqual({
    count: 5,
    more: false,
    operations: 6,
    firstOperation: 6,
  });
});

test("of values that nobody wrote, only the first in a list is told: there may be more", () => {
  const { cases } = check(concurrent(["rx1", "ry2"], { header: header() }));
  expect(cases?.["garbage-read"]).toMatchObject({ count: 1, more: true });
});

describe("invariants of an application", () => {
  const draw = (id: number, attempt: string): Event => ({
    ...event(0, "ok", []),
    data: { handed: { "series/1": [id, attempt] } },
  });
  const twice = Array.from({ length: 8 }, (_, id): readonly Event[] => [draw(id, "a"), draw(id, "b")]);

  test("are counted beyond the witnesses", () => {
    const { anomalies, cases } = check(fromEvents(twice.flat(), header()), { checks: ["unique-ids"] });
    expect(anomalies["duplicate-id"]).toHaveLength(3);
    expect(cases?.["duplicate-id"]).toEqual({ count: 8, more: false, operations: 16, firstOperation: 0 });
  });

  test("lost commits are, with the fault and the read that every witness names", () => {
    const adds = Array.from({ length: 6 }, (_, element): readonly Event[] => [
      event(element, "invoke", [["add", "x", element]]),
      event(element, "ok", [["add", "x", element]]),
    ]);
    const fault = [event("nemesis", "invoke", null), event("nemesis", "info", "killed")];
    const named = fault.map((one) => ({ ...one, f: "kill-server" }));
    const events = [...adds.flat(), ...named, ...atRest(9, ["rs", "x", []])];
    const { anomalies, cases } = check(fromEvents(events, header()));
    expect(anomalies["lost-commit"]).toHaveLength(3);
    expect(cases?.["lost-commit"]).toEqual({ count: 6, more: false, operations: 8, firstOperation: 1 });
  });

  test("and work that was given up is", () => {
    const given = Array.from({ length: 5 }, (_, n): Event => ({
      ...event(n, "fail", [["w", "model/1", [null, `${n}.0`]]]),
      error: { cause: "deadlock" },
    }));
    const events = [...given, ...given.map(({ process }) => event(process, "ok", [["r", "model/1", null]]))];
    const { anomalies, cases } = check(fromEvents(events, header()), { checks: ["deadlocks"] });
    expect(anomalies["lost-work"]).toHaveLength(3);
    expect(cases?.["lost-work"]).toEqual({ count: 5, more: false, operations: 5, firstOperation: 0 });
  });

  test("two checkers of the same name may mean the same: the larger number, and there may be more", () => {
    const checker = (name: string, rows: readonly number[]): DomainChecker => ({
      name,
      summary: name,
      anomalies: { odd: "it is odd" },
      check: (history) => ({
        anomalies: casesByAnomaly({ odd: rows.map((row) => caseOf(history, [row], `row ${row}`)) }),
        notes: [],
      }),
    });
    const checks = [checker("one", [2, 3, 4, 5]), checker("other", [1])];
    expect(check(fromEvents(twice.flat(), header()), { checks }).cases?.odd).toEqual({
      count: 4,
      more: true,
      operations: 4,
      firstOperation: 1,
    });
  });
});
