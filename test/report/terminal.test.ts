import { styleText } from "node:util";
import { describe, expect, test } from "vitest";

import type { Verdict } from "../../src/checkers/verdict.ts";
import { explorationText } from "../../src/report/terminal/exploration.ts";
import { replayText } from "../../src/report/terminal/replay.ts";
import { plain } from "../../src/report/terminal/style.ts";
import { table } from "../../src/report/terminal/table.ts";
import { verdictText } from "../../src/report/terminal/verdict.ts";

test("columns are as wide as their widest cell, and colours take no room", () => {
  const red = styleText("red", "b", { validateStream: false });
  expect(
    table([
      ["a", "bb"],
      [red, "c"],
      ["ccc", "d"],
    ]),
  ).toBe(`a    bb\n${red}    c\nccc  d`);
});

const counts = { ok: 2, fail: 1, info: 0, byF: { register: { ok: 2, fail: 1, info: 0 } } };
const valid: Verdict = {
  valid: true,
  model: "read-committed",
  anomalyTypes: [],
  observed: [],
  not: [],
  alsoNot: [],
  anomalies: {},
  notes: [],
  counts,
};

test("a verdict begins with the answer", () => {
  expect(verdictText(valid, plain)).toMatch(
    /^✓ valid: nothing that read-committed or the workload's invariants forbid was found/,
  );
  const unknown = { ...valid, valid: "unknown", because: "nothing was committed" } as const;
  expect(verdictText(unknown, plain)).toMatch(/^\? unknown: nothing was committed/);
});

test("forbidden anomalies come with their witness, allowed ones are told apart", () => {
  const witness = { cycle: [], steps: [], explanation: "version 3 was given out twice" };
  const text = verdictText(
    {
      ...valid,
      valid: false,
      anomalyTypes: ["duplicate-version"],
      observed: ["G2", "duplicate-version"],
      anomalies: { "duplicate-version": [witness] },
    },
    plain,
  );
  expect(text).toMatch(/^✗ invalid: duplicate-version/);
  expect(text).toContain("version 3 was given out twice");
  expect(text).toContain("Seen, and allowed by read-committed: G2");
});

describe("an exploration", () => {
  const nothing = {
    executed: 200,
    asked: 200,
    distinct: 199,
    complete: undefined,
    pruned: undefined,
    preemptions: undefined,
    racy: 0,
    oneWaiter: false,
    committed: true,
    timedOut: false,
    interrupted: false,
    stuck: undefined,
    finding: undefined,
  };
  const witness = { cycle: [], steps: [], explanation: "version 3 was given out twice" };
  const verdict = {
    ...valid,
    valid: false,
    anomalyTypes: ["duplicate-version"],
    observed: ["G2", "duplicate-version"],
    anomalies: { "duplicate-version": [witness] },
  } as const;
  const finding = { anomaly: "duplicate-version", schedule: 6, verdict, shrunk: undefined };
  const shrunk = { transactions: 2, statements: 4, switches: 1, executions: 9, verdict, rate: undefined };

  test("without a finding says what was executed, and claims no more", () => {
    expect(explorationText(nothing, plain)).toBe("✓ nothing found\n  200 schedules executed, 199 different");
    const cut = { ...nothing, executed: 20, complete: false, pruned: 3 };
    expect(explorationText(cut, plain)).toBe(
      "? unknown\n  20 schedules executed, 199 different; there are more",
    );
    expect(explorationText({ ...cut, timedOut: true }, plain)).toMatch(/^✓ nothing found\n/);
    expect(explorationText({ ...nothing, committed: false }, plain)).toMatch(
      /^\? unknown: nothing was commit/,
    );
    expect(explorationText({ ...nothing, stuck: "all wait" }, plain)).toMatch(/^\? unknown: all wait\n/);
    expect(explorationText({ ...nothing, interrupted: true }, plain)).toMatch(
      /^\? interrupted: 200 schedules/,
    );
  });

  test("of all interleavings says so, with the bound that it had", () => {
    const all = { ...nothing, executed: 26, distinct: 26, complete: true, pruned: 8 };
    expect(explorationText(all, plain)).toBe(
      "✓ nothing found in any interleaving\n  26 schedules executed, 26 different, 8 branches left out as equivalent",
    );
    expect(explorationText({ ...all, pruned: 0, preemptions: 1 }, plain)).toBe(
      "✓ nothing found in any interleaving with at most 1 preemption\n  26 schedules executed, 26 different",
    );
  });

  test("with a finding begins with it, and tells how small it is", () => {
    const found = { ...nothing, finding: { ...finding, shrunk } };
    expect(explorationText(found, plain)).toBe(
      "✗ found duplicate-version in schedule 7\n" +
        "  shrunk to 2 transactions, 4 statements and 1 switch in 9 executions\n\n" +
        "version 3 was given out twice",
    );
    const allowed = { ...finding, anomaly: "G2" };
    expect(explorationText({ ...nothing, finding: allowed }, plain)).toMatch(
      /, which read-committed allows$/,
    );
    expect(explorationText({ ...nothing, finding, interrupted: true }, plain)).toContain(
      "interrupted before it was made small",
    );
  });

  test("says where the server had a say", () => {
    const rated = { ...finding, shrunk: { ...shrunk, rate: { shows: 7, of: 10 } } };
    const text = explorationText({ ...nothing, racy: 1, oneWaiter: true, finding: rated }, plain);
    expect(text).toContain("its moves show it in 7 of 10 executions");
    expect(text).toContain("at most one waiter for a lock at a time");
    expect(text).toContain("1 schedule with steps that were the server's to order");
  });
});

describe("a replay", () => {
  const same = {
    identical: true,
    firstDifference: undefined,
    verdict: valid,
    recordedVerdict: valid,
    interrupted: false,
  };

  test("says what was compared", () => {
    expect(replayText(same, plain)).toBe("✓ identical, byte for byte\n  it shows no anomaly");
    expect(replayText({ ...same, identical: null }, plain)).toMatch(/the verdicts are the same/);
    const moves = { ...same, identical: null, recordedVerdict: undefined };
    expect(replayText(moves, plain)).toMatch(/there is no history to compare with/);
    expect(replayText({ ...same, interrupted: true }, plain)).toMatch(/^\? interrupted/);
  });

  test("names the first difference, also where one of the two has ended", () => {
    const line = { line: 4, recorded: "{a}", replayed: null };
    const text = replayText(
      { ...same, identical: false, firstDifference: { sentence: "Step 3 …", line } },
      plain,
    );
    expect(text).toBe(
      "✗ not identical\n  Step 3 …\n  first difference in line 4 of the history:\n" +
        "    recorded  {a}\n    replayed  (ends here)\n  it shows no anomaly",
    );
    const verdicts = { ...same, identical: null, firstDifference: { sentence: "It showed G2." } };
    expect(replayText(verdicts, plain)).toMatch(/^✗ the verdicts differ\n {2}It showed G2\./);
  });
});
