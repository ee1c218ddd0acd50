import { describe, expect, test } from "vitest";

import { countOperations } from "../../../src/checkers/count-operations.ts";
import { unknownOutcomes } from "../../../src/checkers/unknown-outcomes.ts";
import { withAvailability } from "../../../src/checkers/availability/with-availability.ts";
import { check } from "../../../src/checkers/check.ts";
import { HistoryError } from "../../../src/history/history-error.ts";
import { encodeJsonLines } from "../../../src/history/jsonl.ts";
import { parseHistory } from "../../../src/history/load-history.ts";
import { stream } from "../../../src/random/rng.ts";
import { damagedRecords, type Record } from "../support/mutations.ts";
import { durability } from "../../../src/checkers/domain/durability.ts";
import { clientOperations } from "../../../src/checkers/at-rest/client-operations.ts";
import { seenWrites } from "../../../src/checkers/at-rest/seen-writes.ts";
import { vanishedWrites } from "../../../src/checkers/at-rest/vanished-writes.ts";
import { mopAt, valueAt } from "../../../src/history/operation-at.ts";
import { type History, typeCode } from "../../../src/history/history.ts";
import { mopRow } from "../../../src/checkers/infer/transactions.ts";
import type { Json } from "../../../src/history/operation.ts";
import { crashingRun } from "./crashing-database.ts";

const runs = 80;
const operations = 250;
const reads = ["dirty", "committed", "snapshot"] as const;

/** Operations of which some write is gone, with the kind and key of one such write. */
function vanished(history: History): ReadonlyMap<number, string> {
  const found = vanishedWrites(history);
  if (found === null) throw new Error("the history was read at rest");
  const { writes, gone } = found;
  return new Map(
    [...gone.keys()]
      .filter((write) => gone[write] === 1)
      .map((write) => [writes.row[write]!, mopAt(history, writes.mop[write]!)[1] as string]),
  );
}

describe.each(reads)("a database that loses nothing is never accused (%s reads)", (level) => {
  test("whatever its applications do to each other, and however often it crashes", () => {
    const seen = { crashes: 0, ok: 0, gone: 0, absent: 0 };
    for (let i = 0; i < runs; i++) {
      const run = crashingRun(`${level} ${i}`, { reads: level, loses: 0, operations });
      const { history, truth } = run;
      expect({ i, ...durability.check(history).anomalies }).toEqual({ i });
      for (const [row, key] of vanished(history)) {
        expect({ i, row, key, committed: truth.committed.has(row) }).toMatchObject({ committed: false });
        if (history.type[row] !== typeCode.fail) seen.gone++;
      }
      seen.crashes += run.crashes;
      seen.ok += truth.committed.size;
    }
    expect(seen.crashes).toBeGreaterThan(runs);
    expect(seen.ok).toBeGreaterThan((runs * operations) / 2);
    expect(seen.gone).toBeGreaterThan(runs / 2);
  });
});

describe.each(reads)("a database that forgets commits in a crash (%s reads)", (level) => {
  test("is accused of what it forgot, and of nothing else", () => {
    const kinds = new Map<string, number>();
    for (let i = 0; i < runs; i++) {
      const { history, truth } = crashingRun(`lossy ${level} ${i}`, { reads: level, loses: 6, operations });
      const gone = vanished(history);
      for (const [row, key] of gone) {
        if (history.type[row] !== typeCode.ok) continue;
        expect({ i, row, key, undone: truth.undone.has(row) }).toMatchObject({ undone: true });
        const kind = key.replace(/\/\d+$/, "");
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
      // Nothing is ever taken out of a set, so all of it is found there.
      for (const row of truth.undone)
        if (history.type[row] === typeCode.ok && addsTo(history, row)) expect(gone.has(row)).toBe(true);
      expect("lost-commit" in durability.check(history).anomalies).toBe(
        [...gone.keys()].some((row) => history.type[row] === typeCode.ok),
      );
    }
    expect([...kinds.keys()].sort()).toEqual(["list/concat", "list/rmw", "row", "set", "value", "versioned"]);
  });
});

test("where lost updates are forbidden, an append that is not in the list did not happen", () => {
  const all = { happened: 0, didNot: 0, unknowable: 0, readOnly: 0 };
  for (let i = 0; i < runs; i++) {
    const setup = { reads: "snapshot", refusesUpdates: true, loses: 0, operations } as const;
    const { history, truth } = crashingRun(`strict ${i}`, setup);
    const rest = history.f.indexOf(history.functions.indexOf("read-at-rest"));
    const appended = appendedAlone(history, rest);
    for (const [row, isThere] of appended)
      expect({ i, row, is: truth.committed.has(row) }).toEqual({ i, row, is: isThere });
    const outcomes = unknownOutcomes(history)!;
    expect(outcomes.happened + outcomes.didNot).toBeGreaterThanOrEqual(appended.size);
    for (const name of Object.keys(all) as (keyof typeof all)[]) all[name] += outcomes[name];
  }
  expect(all.didNot).toBeGreaterThan(runs);
});

/** Operations of unknown outcome that only append, and whether all that they appended is there at rest. */
function appendedAlone(history: History, rest: number): ReadonlyMap<number, boolean> {
  const there = new Set<string>();
  for (let row = rest; row < history.length; row++)
    for (const [kind, key, value] of mopsAt(history, row))
      if (kind === "r" && Array.isArray(value))
        for (const element of value as readonly string[]) there.add(`${key} ${element}`);
  const found = new Map<number, boolean>();
  for (let row = 0; row < rest; row++) {
    const isUnknown = history.type[row] === typeCode.info || history.pair[row] === -1;
    const mops = mopsAt(history, mopRow(history, row));
    if (isUnknown && mops.length > 0 && mops.every(([kind]) => kind === "append"))
      found.set(
        row,
        mops.every(([, key, value]) => there.has(`${key} ${value as string}`)),
      );
  }
  return found;
}

describe.each(reads)("what operations of unknown outcome turned out to be (%s reads)", (level) => {
  test.each([0, 6])("is told truly, and often enough, where a crash undoes up to %s commits", (loses) => {
    const all = { happened: 0, didNot: 0, unknowable: 0, readOnly: 0 };
    for (let i = 0; i < runs; i++) {
      const { history, truth } = crashingRun(`unknown ${level} ${i}`, { reads: level, loses, operations });
      const gone = vanished(history);
      const rest = history.f.indexOf(history.functions.indexOf("read-at-rest"));
      const seen = seenWrites(history, clientOperations(history), rest);
      for (const row of seen) expect({ i, row, is: truth.committed.has(row) }).toEqual({ i, row, is: true });
      for (const row of gone.keys())
        if (!truth.undone.has(row))
          expect({ i, row, is: truth.committed.has(row) }).toEqual({ i, row, is: false });
      const outcomes = unknownOutcomes(history)!;
      expect(outcomes.happened).toBe(seen.size);
      const { info } = countOperations(history);
      const { happened, didNot, unknowable, readOnly } = outcomes;
      expect(happened + didNot + unknowable + readOnly).toBe(info);
      all.happened += happened;
      all.didNot += didNot;
      all.unknowable += unknowable;
      all.readOnly += readOnly;
    }
    expect(all.happened).toBeGreaterThan(runs);
    expect(all.didNot).toBeGreaterThan(runs / 10);
    expect(all.readOnly).toBeGreaterThan(0);
  });
});

test("damaged, they are judged like any other, and no checker crashes", () => {
  let judged = 0;
  for (let i = 0; i < 300; i++) {
    const rng = stream(`damaged ${i}`, "mutate");
    const { history } = crashingRun(`damaged ${i}`, { reads: "committed", loses: 3, operations: 25 });
    const [head = "", ...lines] = encodeJsonLines(history);
    const records = damagedRecords(
      rng,
      lines.map((line) => JSON.parse(line) as Record),
    );
    const text = [head, ...records.map((record) => `${JSON.stringify(record)}\n`)];
    try {
      const damaged = parseHistory(text.join(""), "damaged.jsonl").history;
      const verdict = withAvailability(check(damaged), damaged);
      expect({ i, crashed: verdict.crashed }).toEqual({ i, crashed: undefined });
      expect(JSON.stringify(verdict)).not.toContain("NaN");
      judged++;
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
    }
  }
  expect(judged).toBeGreaterThan(50);
});

function addsTo(history: History, row: number): boolean {
  return mopsAt(history, row).some(([kind]) => kind === "add");
}

function mopsAt(
  history: History,
  row: number,
): readonly (readonly [kind: string, key: string, value: Json])[] {
  const value = valueAt(history, row);
  return Array.isArray(value) ? (value as [string, string, Json][]) : [];
}
