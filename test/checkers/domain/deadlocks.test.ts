import { describe, expect, test } from "vitest";

import { deadlocks } from "../../../src/checkers/domain/deadlocks.ts";
import type { Header } from "../../../src/history/header.ts";
import type { OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents, header } from "../support/notation.ts";

const interleaved: Header = { ...header(), mode: "interleaved" };

function move(attempt: string, ending: string, process = 0): Event {
  const isType = ["invoke", "ok", "info"].includes(ending);
  return {
    process,
    type: isType ? (ending as OperationType) : "fail",
    f: "move",
    value: [["w", "model/1", [null, attempt]]],
    ...(isType ? {} : { error: { cause: ending } }),
  };
}

const atRest: Event = { process: 9, type: "ok", f: "read-at-rest", value: [] };

const judged = (...events: Event[]): ReturnType<typeof deadlocks.check> =>
  deadlocks.check(fromEvents([...events, atRest], interleaved));

const lost = (...events: Event[]): readonly string[] =>
  (judged(...events).anomalies["lost-work"] ?? []).map(({ explanation }) => explanation);

describe("lost-work", () => {
  test.each([
    ...["deadlock", "lock-not-available", "lock-timeout", "serialization-failure", "snapshot-conflict"],
    "locked-row",
  ])("an operation whose only attempt failed with %s", (cause) => {
    expect(lost(move("7.0", cause))).toEqual([
      `operation 7, a move, never committed: its only attempt failed with ${cause} (index 0)`,
    ]);
  });

  test("one whose every attempt failed: the last of them are named", () => {
    const attempts = [0, 1, 2, 3].map((n) => move(`7.${n}`, "deadlock"));
    const [witness] = judged(...attempts, move("8.0", "ok", 1)).anomalies["lost-work"] ?? [];
    expect(witness?.explanation).toBe(
      "operation 7, a move, never committed: all 4 attempts failed, after 1 more, with " +
        "deadlock (index 1), deadlock (index 2) and deadlock (index 3)",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 2, 3]);
  });

  test("not one that a later attempt committed, nor one of which nobody knows", () => {
    expect(lost(move("7.0", "deadlock"), move("7.1", "ok"))).toEqual([]);
    expect(lost(move("7.0", "deadlock"), move("7.1", "info"))).toEqual([]);
    expect(lost(move("7.0", "info"), move("7.1", "deadlock"))).toEqual([]);
    expect(lost(move("7.0", "deadlock"), move("7.1", "invoke"))).toEqual([]);
  });

  test("not one that committed in the end, having found nothing to write", () => {
    const nothing = { ...move("7.1", "ok"), value: [] };
    expect(lost(move("7.0", "deadlock"), move("7.1", "invoke"), nothing)).toEqual([]);
  });

  test("not one that the application or a fault ended", () => {
    expect(lost(move("7.0", "insufficient-funds"), move("8.0", "connection-lost"))).toEqual([]);
    expect(lost(move("7.0", "deadlock"), move("7.1", "harness"))).toEqual([]);
  });

  test("not one that does not say which operation it belongs to", () => {
    expect(lost({ ...move("7.0", "deadlock"), value: [["r", "model/1", null]] })).toEqual([]);
    expect(lost(move("a", "deadlock"))).toEqual([]);
  });

  test("an id is recognised in a register, a list and a set", () => {
    const values = [
      ["w", "k", "1.0"] as const,
      ["append", "k", "2.0"] as const,
      ["add", "k", "3.0"] as const,
    ];
    expect(lost(...values.map((mop) => ({ ...move("", "deadlock"), value: [mop] })))).toHaveLength(3);
  });
});

describe("where the run may have ended before the next attempt", () => {
  const found = (events: readonly Event[], head: Header | null = header()): number =>
    (deadlocks.check(fromEvents(events, head)).anomalies["lost-work"] ?? []).length;

  test("only what its process left behind is lost", () => {
    const events = [move("1.0", "deadlock"), move("2.0", "deadlock", 1), move("3.0", "ok", 1), atRest];
    expect(found(events)).toBe(1);
    expect(found(events, null)).toBe(1);
  });

  test("an interleaved run that was not read at rest was cut short too", () => {
    expect(found([move("1.0", "deadlock")], interleaved)).toBe(0);
    expect(found([move("1.0", "deadlock"), atRest], interleaved)).toBe(1);
  });
});

describe("the notes", () => {
  test("count attempts by cause, and what became of their operations", () => {
    const { notes } = judged(
      move("1.0", "deadlock"),
      move("1.1", "lock-timeout"),
      move("1.2", "ok"),
      move("2.0", "deadlock"),
      move("3.0", "deadlock"),
      move("3.1", "info"),
      move("4.0", "ok"),
      move("5.0", "insufficient-funds"),
    );
    expect(notes).toEqual([
      "4 of 8 attempts were refused because of others (3 deadlock, 1 lock-timeout). Of the operations that " +
        "met this, 1 committed in a later attempt, 1 was given up and lost and 1 ended otherwise or with the run.",
    ]);
    expect(judged(move("1.0", "deadlock"), move("1.1", "ok")).notes).toEqual([
      "1 of 2 attempts was refused because of others (1 deadlock). Of the operations that met this, " +
        "1 committed in a later attempt and none was lost.",
    ]);
  });

  test("say so where nobody was refused, and nothing where nobody did anything", () => {
    expect(judged(move("1.0", "ok"), move("2.0", "insufficient-funds")).notes).toEqual([
      "None of 2 attempts was refused because of others.",
    ]);
    expect(judged().notes).toEqual([]);
  });
});
