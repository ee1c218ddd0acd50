import { type History, mopKindCode, typeCode } from "../../history/history.ts";
import { mopAt } from "../../history/operation-at.ts";
import { vanishedWrites } from "../at-rest/vanished-writes.ts";
import { indexOf } from "../explain/describe.ts";
import { mopText } from "../explain/value-text.ts";
import { type Fault, faults, hasStruck } from "../faults.ts";
import { CaseTally } from "../case-tally.ts";
import { type Witness, witnessesPerType } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { casesByAnomaly, caseOf } from "./told.ts";

/**
 * Durability: what was acknowledged as committed is there when everything has ended (Haerder and Reuter,
 * "Principles of Transaction-Oriented Database Recovery", 1983). Judges every history that was read at rest, of any
 * workload, at any level; only what `vanishedWrites` proves is told, so that nothing an application overwrote
 * passes for a loss of the database. One write of an operation that is not there is enough.
 *
 * A witness holds the operation, the fault during or before which it was acknowledged, where there is one, and
 * the read at rest. Linear.
 */
export const durability: DomainChecker = {
  name: "durability",
  summary: "whatever was acknowledged as committed is there when everything has ended",
  anomalies: {
    "lost-commit": "a commit was acknowledged, and at rest what it wrote is not there",
  },
  check,
};

/** An acknowledged operation, and the first of its writes that is not there. */
interface Loss {
  readonly row: number;
  readonly mop: number;
  /** Row of a read at rest that does not show it. */
  readonly rest: number;
}

function check(history: History): DomainResult {
  const losses = lossesIn(history);
  const struck = losses.length === 0 ? [] : faults(history).filter(hasStruck);
  const tally = new CaseTally();
  const cases: Witness[] = [];
  for (const loss of losses) {
    const fault = nextFault(struck, loss.row);
    tally.add(rowsOf(loss, fault));
    if (cases.length < witnessesPerType) cases.push(witness(history, loss, fault, losses.length));
  }
  return {
    anomalies: casesByAnomaly({ "lost-commit": cases }),
    cases: { "lost-commit": tally.cases(history.index) },
    notes: [],
  };
}

/** One for each operation, in the order in which they were acknowledged. */
function lossesIn(history: History): readonly Loss[] {
  const vanished = vanishedWrites(history);
  if (vanished === null) return [];
  const { rest, writes, gone } = vanished;
  const losses = new Map<number, Loss>();
  gone.forEach((isGone, write) => {
    const [row, mop] = [writes.row[write] ?? 0, writes.mop[write] ?? 0];
    if (isGone !== 1 || history.type[row] !== typeCode.ok) return;
    const known = losses.get(row);
    if (known !== undefined && known.mop < mop) return;
    const [shown] = rest.byKey.get(history.mopKey[mop] ?? 0) ?? [];
    losses.set(row, { row, mop, rest: shown?.row ?? rest.from });
  });
  return [...losses.values()].sort((one, other) => one.row - other.row);
}

/** The first fault that was not over when a row was written. */
function nextFault(struck: readonly Fault[], row: number): Fault | undefined {
  return struck.find(({ ended }) => ended > row);
}

/** Of the operations that a witness names. */
function rowsOf({ row, rest }: Loss, fault: Fault | undefined): readonly number[] {
  return [row, ...(fault === undefined ? [] : [fault.isOver ? fault.ended : fault.began]), rest];
}

function witness(history: History, loss: Loss, fault: Fault | undefined, all: number): Witness {
  const { row, mop, rest } = loss;
  const isReplaced = mopKindCode.append !== history.mopKind[mop] && mopKindCode.add !== history.mopKind[mop];
  return caseOf(
    history,
    rowsOf(loss, fault),
    `${mopText(mopAt(history, mop))} was acknowledged (index ${indexOf(history, row)})${nearText(history, row, fault)}, ` +
      `but the read at rest (index ${indexOf(history, rest)}) ` +
      (isReplaced ? "shows what was there before" : "does not show it") +
      (all === 1 ? "" : `; ${all} acknowledged operations are missing in all`),
  );
}

/** ", 41 ms before kill-server (index 15)": how near a fault was. */
function nearText(history: History, row: number, fault: Fault | undefined): string {
  if (fault === undefined) return "";
  const name = `${fault.name} (index ${indexOf(history, fault.began)})`;
  if (fault.began < row) return ` during ${name}`;
  const distance = (history.time[fault.began] ?? 0) - (history.time[row] ?? 0);
  switch (history.header?.mode) {
    case "stress":
      return `, ${Math.round(distance / 1e6)} ms before ${name}`;
    case "interleaved":
      return `, ${distance} ${distance === 1 ? "step" : "steps"} before ${name}`;
    case undefined:
      return ` before ${name}`;
  }
}
