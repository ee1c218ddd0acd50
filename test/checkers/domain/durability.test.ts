import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { durability } from "../../../src/checkers/domain/durability.ts";
import { witnessView } from "../../../src/checkers/explain/witness-view.ts";
import { historyBuilder } from "../../../src/history/history-builder.ts";
import type { Header } from "../../../src/history/header.ts";
import type { History } from "../../../src/history/history.ts";
import { event, type Event, header } from "../support/notation.ts";
import { atRest, failed, info, ok, play } from "../at-rest/plays.ts";

const adding = (process: number, element: string): readonly Event[] => [
  event(process, "invoke", [["add", "s", element]]),
  event(process, "ok", [["add", "s", element]]),
];

const fault = (f: string, did: string | null = "done"): readonly Event[] => [
  { ...event("nemesis", "invoke", null), f },
  { ...event("nemesis", "info", did), f },
];

/** Events that are 10 ms, or 10 steps, apart. */
function spaced(events: readonly Event[], head: Header | null = header()): History {
  const builder = historyBuilder(head);
  const unit = head?.mode === "interleaved" ? 10 : 10e6;
  events.forEach((one, index) => {
    builder.add({ index, time: index * unit, ...one });
  });
  return builder.build();
}

const nothing = atRest(9, ["rs", "s", []]);

const explained = (history: History): readonly string[] =>
  (durability.check(history).anomalies["lost-commit"] ?? []).map(({ explanation }) => explanation);

describe("a witness", () => {
  test("holds the operation, the fault that came next, and the read at rest", () => {
    const history = spaced([...adding(1, "a"), ...fault("kill-server"), ...nothing]);
    const [witness] = durability.check(history).anomalies["lost-commit"] ?? [];
    expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 3, 5]);
    expect(witness?.explanation).toBe(
      "add a to s was acknowledged (index 1), 10 ms before kill-server (index 2), but the read at rest (index 5) does not show it",
    );
  });

  test("shows what the fault did, which is no outcome", () => {
    const history = spaced([...adding(1, "a"), ...fault("kill-server", "killed"), ...nothing]);
    const [witness] = durability.check(history).anomalies["lost-commit"] ?? [];
    expect(witnessView(witness!).transactions.map(({ operation }) => operation)).toEqual([
      "txn by process 1 (index 1)",
      "kill-server (index 3): killed",
      "read-at-rest by process 9 (index 5)",
    ]);
  });

  test("tells of the fault during which it was acknowledged", () => {
    const [begin, end] = fault("pause-server");
    expect(explained(spaced([begin!, ...adding(1, "a"), end!, ...nothing]))[0]).toContain(
      "was acknowledged (index 2) during pause-server (index 0), but",
    );
    // One that never completed is still going on.
    const history = spaced([begin!, ...adding(1, "a"), ...nothing]);
    const [witness] = durability.check(history).anomalies["lost-commit"] ?? [];
    expect(witness?.explanation).toContain("during pause-server (index 0)");
    expect(witness?.cycle.map(({ index }) => index)).toEqual([2, 0, 4]);
  });

  test("is silent of faults that were over, hit nothing or could not be injected", () => {
    const events = [...fault("kill-server"), ...adding(1, "a"), ...fault("pause-server", null)];
    const [text] = explained(spaced([...events, ...fault("stop-server", "failed"), ...nothing]));
    expect(text).toBe(
      "add a to s was acknowledged (index 3), but the read at rest (index 9) does not show it",
    );
  });

  test("counts steps where time is steps, and nothing where nobody knows what it is", () => {
    const events = [...adding(1, "a"), ...fault("kill-server"), ...nothing];
    expect(explained(spaced(events, { ...header(), mode: "interleaved" }))[0]).toContain(
      ", 10 steps before kill-server (index 2)",
    );
    expect(explained(spaced(events, null))[0]).toContain("(index 1) before kill-server (index 2)");
  });

  test("says how many are missing in all, and only the first few are told", () => {
    const events = ["a", "b", "c", "d"].flatMap((element, process) => adding(process, element));
    const texts = explained(spaced([...events, ...nothing]));
    expect(texts).toHaveLength(3);
    expect(texts[0]).toMatch(/^add a to s .*; 4 acknowledged operations are missing in all$/);
  });

  test("names one write of each operation, and what a value was", () => {
    const both = ok(["add", "s", 1], ["w", "v", 7]);
    const history = play({ both }, "(both )both", [
      ["r", "v", null],
      ["rs", "s", []],
    ]);
    expect(explained(history)).toEqual([
      "add 1 to s was acknowledged (index 1), but the read at rest (index 5) does not show it",
    ]);
    const value = play({ both }, "(both )both", [["r", "v", null]]);
    expect(explained(value)[0]).toMatch(/^write 7 to v .* shows what was there before$/);
  });
});

test("only what was acknowledged can be lost", () => {
  const plays = { a: info(["add", "s", "a"]), b: failed(["add", "s", "b"]), c: ok(["add", "s", "c"]) };
  expect(durability.check(play(plays, "(a )a (b )b (c )c", [["rs", "s", ["c"]]])).anomalies).toEqual({});
});

describe("every history is asked", () => {
  const history = spaced([...adding(1, "a"), ...adding(2, "b"), ...atRest(9, ["rs", "s", ["b"]])]);

  test("whatever its workload, at any level", () => {
    for (const model of ["read-uncommitted", "serializable", "strict-serializable"])
      expect(check(history, { model })).toMatchObject({ valid: false });
    expect(check(history, { model: "read-uncommitted" }).anomalyTypes).toEqual(["lost-commit"]);
  });

  test("once, where it is asked for by name or as a value", () => {
    for (const checks of [["durability"], [durability]])
      expect(check(history, { checks }).anomalies["lost-commit"]).toHaveLength(1);
  });
});
