import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { check, type CheckOptions } from "../../../src/checkers/check.ts";
import type { Json, Mop } from "../../../src/history/operation.ts";
import { stream } from "../../../src/random/rng.ts";
import { hasLegalOrder } from "./oracle/legal-order.ts";
import { hasSnapshotOrder } from "./oracle/snapshot-order.ts";
import {
  anyOrder,
  type Precedence,
  realtime,
  session,
  told,
  type Tiny,
  tinyHistory,
} from "./oracle/tiny-history.ts";
import { nearlyLegalRun, type TinyKind, type TinySetup, uniformRun } from "./oracle/tiny-runs.ts";

/** `ISOLAB_DOUBT=10` tries ten times as many histories. */
const effort = Number(process.env.ISOLAB_DOUBT ?? "1");

type Oracle = (transactions: readonly Tiny[], mustPrecede: Precedence) => boolean;

interface Model {
  readonly model: string;
  readonly oracle: Oracle;
  readonly mustPrecede: Precedence;
  readonly most: number;
}

const models: readonly Model[] = [
  { model: "serializable", oracle: hasLegalOrder, mustPrecede: anyOrder, most: 6 },
  { model: "strong-session-serializable", oracle: hasLegalOrder, mustPrecede: session, most: 6 },
  { model: "strict-serializable", oracle: hasLegalOrder, mustPrecede: realtime, most: 6 },
  { model: "snapshot-isolation", oracle: hasSnapshotOrder, mustPrecede: anyOrder, most: 4 },
  { model: "strong-session-snapshot-isolation", oracle: hasSnapshotOrder, mustPrecede: session, most: 4 },
  { model: "strong-snapshot-isolation", oracle: hasSnapshotOrder, mustPrecede: realtime, most: 4 },
];

const sources = { uniform: uniformRun, nearly: nearlyLegalRun };

describe.each(models)("$model", ({ model, oracle, mustPrecede, most }) => {
  test.each(["list", "set", "register"] as const)(
    "never accuses %ss for which a legal order exists",
    (kind) => {
      const seen = { legal: 0, illegal: 0, accused: 0 };
      forAll({ kind, most, runs: 600 }, (transactions) => {
        const legal = oracle(transactions, mustPrecede);
        const accused = check(tinyHistory(transactions), { model }).valid === false;
        seen.legal += Number(legal);
        seen.illegal += Number(!legal);
        seen.accused += Number(accused);
        if (legal && accused) expect.fail(told(transactions).join("\n"));
      });
      // The claim was put to the test on both sides.
      expect(seen.legal).toBeGreaterThan(50 * effort);
      expect(seen.illegal).toBeGreaterThan(50 * effort);
      expect(seen.accused).toBeGreaterThan(25 * effort);
    },
  );

  test.each(["list", "set"] as const)(
    "accuses %ss that were read at the end unless a legal order exists",
    (kind) => {
      forAll({ kind, most, runs: 600, finalReads: true }, (transactions) => {
        if (!isComplete(transactions)) return;
        const legal = oracle(transactions, mustPrecede);
        const accused = check(tinyHistory(transactions), { model }).valid === false;
        if (accused === legal) expect.fail(told(transactions).join("\n"));
      });
    },
  );
});

describe("registers for which the user vouches are never accused where", () => {
  const oracles = { serializable: hasLegalOrder, "snapshot-isolation": hasSnapshotOrder };
  const cases: readonly { readonly options: CheckOptions; readonly precedence: Precedence }[] = [
    // What a transaction replaces it has read: true in every serial order, and under first committer wins.
    { options: { wfrKeys: true }, precedence: anyOrder },
    { options: { sequentialKeys: true }, precedence: perKey(session) },
    { options: { linearizableKeys: true }, precedence: perKey(realtime) },
    { options: { linearizableKeys: true, wfrKeys: true }, precedence: perKey(realtime) },
    { options: { sequentialKeys: true, wfrKeys: true }, precedence: perKey(session) },
  ];
  const all = cases.flatMap((one) =>
    (["serializable", "snapshot-isolation"] as const).map((model) => ({
      ...one,
      model,
      vouched: Object.keys(one.options).join(),
    })),
  );
  test.each(all)(
    "an order exists that keeps the promise: $model, $vouched",
    ({ model, options, precedence }) => {
      let accused = 0;
      const most = model === "serializable" ? 6 : 4;
      forAll({ kind: "register", most, runs: 500 }, (transactions) => {
        if (check(tinyHistory(transactions), { model, ...options }).valid !== false) return;
        accused++;
        if (oracles[model](transactions, precedence)) expect.fail(told(transactions).join("\n"));
      });
      expect(accused).toBeGreaterThan(25 * effort);
    },
  );
});

/** The precedence, among transactions that touch a common key. */
function perKey(precedence: Precedence): Precedence {
  return (first, second) =>
    precedence(first, second) && first.mops.some(([, key]) => second.mops.some((mop) => mop[1] === key));
}

/**
 * Whether the reads tell all there is to know: of each key at most one write that may have happened was
 * never seen, a transaction of unknown outcome was seen whole or not at all and does
 * not tell what it read, and no list shows the
 * appends of one transaction in another order than it made them, of which no anomaly speaks.
 */
function isComplete(transactions: readonly Tiny[]): boolean {
  const reads = transactions.flatMap(({ mops, type }) =>
    type === "ok" ? mops.filter(([kind]) => isRead(kind)) : [],
  );
  const name = ([, key, element]: Mop): string => JSON.stringify([key, element]);
  const seen = new Set(
    reads.flatMap(([kind, key, value]) =>
      ((value ?? []) as readonly Json[]).map((element) => name([kind, key, element])),
    ),
  );
  const writes = transactions.map(({ mops, type }) => ({
    type,
    mops: mops.filter(([kind]) => !isRead(kind)),
  }));
  const unseen = writes.flatMap(({ type, mops }) =>
    type === "fail" ? [] : mops.filter((mop) => !seen.has(name(mop))).map(([, key]) => key),
  );
  const telling = transactions.some(({ type, tells }) => type === "info" && tells);
  const torn = writes.some(
    ({ type, mops }) => type === "info" && new Set(mops.map((mop) => seen.has(name(mop)))).size > 1,
  );
  const misplaced = reads.some(([kind, key, value]) =>
    writes.some(({ mops }) => {
      const own = mops.filter((mop) => mop[1] === key).map(([, , element]) => element);
      const shown = ((value ?? []) as readonly Json[]).filter((element) => own.includes(element));
      return (
        kind === "r" && shown.some((element, i) => i > 0 && own.indexOf(element) < own.indexOf(shown[i - 1]!))
      );
    }),
  );
  return new Set(unseen).size === unseen.length && !telling && !torn && !misplaced;
}

function isRead(kind: string): boolean {
  return kind === "r" || kind === "rs";
}

function forAll(
  {
    kind,
    most,
    runs,
    finalReads = false,
  }: { kind: TinyKind; most: number; runs: number; finalReads?: boolean },
  holds: (transactions: readonly Tiny[]) => void,
): void {
  fc.assert(
    fc.property(
      fc.nat().map(String),
      fc.constantFrom("uniform" as const, "nearly" as const),
      fc.integer({ min: 2, max: finalReads ? most - 1 : most }),
      (seed, source, transactions) => {
        const setup: TinySetup = { kind, transactions, finalReads };
        holds(sources[source](stream(seed, "tiny"), setup));
      },
    ),
    { numRuns: Math.ceil(runs * effort) },
  );
}
