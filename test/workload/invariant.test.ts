import { describe, expect, test } from "vitest";

import { check } from "../../src/checkers/check.ts";
import type { Verdict } from "../../src/checkers/verdict.ts";
import { historyBuilder } from "../../src/history/history-builder.ts";
import type { History } from "../../src/history/history.ts";
import type { Json, OperationType } from "../../src/history/operation.ts";
import { defineWorkload } from "../../src/workload/define-workload.ts";
import {
  checkersOf,
  invariant,
  type CheckedOperation,
  type Invariant,
  type InvariantDefinition,
} from "../../src/workload/invariant.ts";
import register from "../../workloads/register.ts";

/** Withdrawals one after another, each with what was left; those without an ending were never answered. */
function withdrawals(...endings: readonly (readonly [left: number, type?: OperationType])[]): History {
  const builder = historyBuilder(null);
  let index = 0;
  endings.forEach(([left, type], process) => {
    const line = { time: index, process, f: "withdraw", value: [] };
    builder.add({ ...line, index: index++, type: "invoke" });
    if (type !== undefined) builder.add({ ...line, index: index++, type, data: { left } });
  });
  builder.add({ index, time: index, process: "nemesis", type: "info", f: "kill", value: null });
  return builder.build();
}

interface Left {
  readonly left: number;
}

const overdrawn: InvariantDefinition<Left> = {
  name: "overdrawn",
  summary: "an account never goes below zero",
  each: ({ data }) => data.left < 0 && `the account holds ${data.left}.`,
};

function verdictOn(history: History, one: Invariant): Verdict {
  return check(history, { checks: checkersOf({ checks: [one] }), model: "read-committed" });
}

function shownTo(endings: InvariantDefinition["endings"], history: History): readonly CheckedOperation[] {
  let seen: readonly CheckedOperation[] = [];
  const looking = invariant({
    name: "looking",
    summary: "all is well",
    ...(endings === undefined ? {} : { endings }),
    all: (operations) => {
      seen = operations;
      return null;
    },
  });
  verdictOn(history, looking);
  return seen;
}

describe("what breaks an invariant", () => {
  test("is told with its operation, its index and what should hold", () => {
    const verdict = verdictOn(withdrawals([5, "ok"], [-20, "ok"]), invariant(overdrawn));
    expect(verdict).toMatchObject({ valid: false, anomalyTypes: ["overdrawn"] });
    const [witness, ...more] = verdict.anomalies.overdrawn ?? [];
    expect(witness?.explanation).toBe(
      "the account holds -20 (index 3), though an account never goes below zero",
    );
    expect(witness?.cycle).toMatchObject([{ index: 3, f: "withdraw", data: { left: -20 } }]);
    expect(more).toEqual([]);
  });

  test("may rest on several operations, or say nothing of them", () => {
    const all = invariant<Left>({
      name: "spent-twice",
      summary: "money is spent once",
      all: (operations) => [{ sentence: "it was spent", operations }, "somebody is poor"],
    });
    const found = verdictOn(withdrawals([5, "ok"], [5, "ok"]), all).anomalies["spent-twice"];
    expect(found?.map(({ explanation }) => explanation)).toEqual([
      "it was spent (index 1 and index 3), though money is spent once",
      "somebody is poor, though money is spent once",
    ]);
    expect(found?.[0]?.cycle.map(({ index }) => index)).toEqual([1, 3]);
  });
});

describe("what an invariant is shown", () => {
  const history = withdrawals([1, "ok"], [2, "fail"], [3, "info"], [4]);

  test("surely committed operations of clients only", () => {
    expect(shownTo(undefined, history)).toEqual([
      { index: 1, process: 0, type: "ok", f: "withdraw", value: [], data: { left: 1 } },
    ]);
  });

  test("others when it asks for them, those that nobody answered among those of unknown outcome", () => {
    const seen = shownTo(["fail", "info"], history);
    expect(seen.map(({ index, type }) => [index, type])).toEqual([
      [3, "fail"],
      [5, "info"],
      [6, "info"],
    ]);
  });

  test("a copy: what it changes there, nobody else sees", () => {
    const spoiling = invariant<{ left: number }>({
      name: "spoiling",
      summary: "nothing is spoilt",
      each: ({ data }) => {
        data.left = -1;
        return null;
      },
    });
    const checks = checkersOf({ checks: [spoiling, invariant(overdrawn)] });
    expect(check(history, { checks }).anomalyTypes).toEqual([]);
  });
});

describe("an invariant that does not work is not taken for one that holds", () => {
  const planted = (answer: () => unknown): Invariant =>
    invariant({ name: "planted", summary: "", each: answer as () => string });

  test.each<[string, () => unknown, RegExp]>([
    [
      "one that throws",
      () => {
        throw new Error("planted\nin two lines");
      },
      /^The checker planted crashed: planted\.$/,
    ],
    ["one that is asynchronous", () => Promise.resolve("broken"), /neither a sentence nor/],
    ["one that answers yes", () => true, /neither a sentence nor/],
    ["one that answers an empty sentence", () => "", /neither a sentence nor/],
    [
      "one that names what it was not shown",
      () => ({ sentence: "x", operations: [{ index: 99 }] }),
      /not shown, 99/,
    ],
  ])("%s", (_, answer, sentence) => {
    const verdict = verdictOn(withdrawals([1, "ok"]), planted(answer));
    expect(verdict.valid).toBe("unknown");
    expect(verdict.crashed).toEqual([expect.stringMatching(sentence) as string]);
  });

  test("one that is known by its name only says what to do", () => {
    // What a history of ours is that was recorded on empty tables.
    const history: History = { ...withdrawals([1, "ok"]), beginning: "empty" };
    const { valid, because } = check(history, { checks: ["overdrawn"] });
    expect(valid).toBe("unknown");
    expect(because).toMatch(/"overdrawn" was not made: .* --workload \.\/FILE\.ts/);
  });
});

describe("defineWorkload refuses an invariant", () => {
  const named = (name: string): Invariant => invariant({ ...overdrawn, name });

  test.each<[string, readonly (string | Invariant)[], RegExp]>([
    ["named like a check", [named("versions")], /"versions" is a check of isolab's own/],
    ["named like an anomaly", [named("lost-update")], /"lost-update" is a name of an anomaly/],
    ["named like an anomaly's other name", [named("dirty-read")], /"dirty-read" is a name of an anomaly/],
    ["with a name that is none", [named("Over drawn")], /lower-case/],
    ["twice", [named("overdrawn"), named("overdrawn")], /two checks named "overdrawn"/],
    [
      "that is only named",
      ["overdrawn"],
      /asks for the check "overdrawn": isolab has versions, .*invariant\(/,
    ],
    ["that was not made by invariant()", [{ ...overdrawn } as unknown as Invariant], /invariant\(\{ … \}\)/],
  ])("%s", (_, checks, sentence) => {
    expect(() => defineWorkload({ ...register, checks })).toThrow(sentence);
  });

  test("without a function that looks", () => {
    expect(() => invariant({ name: "overdrawn", summary: "" })).toThrow(/needs each or all/);
  });
});

test("data is typed as JSON, and may be missing, unless the invariant says otherwise", () => {
  const plain = invariant({
    name: "plain",
    summary: "",
    each: ({ data }) => {
      const json: Json | undefined = data;
      return json === undefined ? "no data" : null;
    },
  });
  expect(verdictOn(withdrawals([1, "ok"]), plain).anomalyTypes).toEqual([]);
});
