import { type History, mopKindCode } from "../../history/history.ts";
import { none } from "./element-table.ts";
import type { Findings } from "./finding.ts";
import type { Inference, InferenceInput, Inferred } from "./inference.ts";
import type { Transactions } from "./transactions.ts";
import { judgeUnwritten } from "./unwritten.ts";
import { type RowAccesses, rowAccesses, type Shows } from "./versioned/row-accesses.ts";
import { rowEdges } from "./versioned/row-edges.ts";
import { lostUpdates, readFindings, tiedVersions } from "./versioned/row-findings.ts";
import { type RowOrder, rowOrder } from "./versioned/row-order.ts";
import { rowValue } from "./versioned/row-value.ts";
import { type RowVersions, rowVersions } from "./versioned/row-versions.ts";

/**
 * Registers whose row carries a version column, as an optimistic lock does: `["w", k, [n, v]]` and
 * `["r", k, [n, v] | null]`. Each value v is written at most once per key.
 *
 * An operation states n only where it is proven: the statement returned it, the row was read back, or
 * WHERE version = ? changed one row. It is null where nobody knows, as in an invocation; an `info`
 * operation states what the write is numbered if it happened. `[n, null]` deletes the row, after which
 * numbers may begin again. A read of null (or of a null v) finds no row.
 *
 * A write of unknown outcome has dependencies once a committed transaction saw a value of its
 * transaction. Numbers of failed transactions say nothing, and may come again. Near-linear.
 */
export const versionedRegister: Inference = {
  name: "versioned-register",
  summary: "registers with a version column: the order of versions is known by number, or by who read what",
  kinds: [mopKindCode.w, mopKindCode.r],
  applies: (_, objects) => objects.has("versioned-register"),
  infer,
};

function infer({ transactions, edges, findings }: InferenceInput): Inferred {
  const { history } = transactions;
  const versions = rowVersions(transactions, false);
  const problem = versions.problems[0] ?? malformedRead(transactions);
  if (problem !== undefined) return { problems: [problem], before: () => none };
  const accesses = rowAccesses(transactions, versions, registerReads(history), findings);
  const order = rowOrder(versions, accesses, () => false);
  readFindings(transactions, versions, accesses, findings);
  lostUpdates(versions, accesses, findings);
  tiedVersions(versions, accesses, findings);
  rowEdges(versions, accesses, order, edges);
  return {
    ...rowDoubts(history, accesses, findings),
    before: (key, element) => elementBefore(versions, order, key, element),
  };
}

/** What an `r` shows. */
export function registerReads(history: History, plain = false): Shows {
  return (mop, use) => {
    if (history.mopKind[mop] !== mopKindCode.r) return;
    const value = rowValue(history, mop, plain);
    if (value !== null) use(history.mopKey[mop] ?? 0, value);
  };
}

/** What the reads leave in doubt; a value that nobody wrote is an error where the run began empty. */
export function rowDoubts(
  history: History,
  { stranger, contradicted }: RowAccesses,
  findings: Findings,
): Pick<Inferred, "problems" | "notes"> {
  const key = contradicted.indexOf(1);
  const twice =
    key < 0
      ? []
      : [
          `A value of ${JSON.stringify(history.keys[key])} goes by two version numbers, so its numbers prove nothing.`,
        ];
  if (stranger !== null && history.beginning === "empty")
    findings.addFirst("garbage-read", [stranger.row], stranger.key, stranger.element);
  const { problems, notes } = judgeUnwritten(history, history.beginning, stranger);
  return { problems: [...twice, ...problems], notes };
}

/** The value of the version that is known to come right before the one with a value, or -1. */
export function elementBefore(versions: RowVersions, order: RowOrder, key: number, element: number): number {
  const version = versions.find(key, element);
  const previous = version < 0 ? none : (order.previous[version] ?? none);
  return previous < 0 ? none : (versions.element[previous] ?? none);
}

function malformedRead(transactions: Transactions): string | undefined {
  const { history, count, row, committed } = transactions;
  for (let node = 0; node < count; node++) {
    if (committed[node] !== 1) continue;
    const at = row[node] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++)
      if (history.mopKind[mop] === mopKindCode.r && rowValue(history, mop, false) === null)
        return `The operation with index ${history.index[at] ?? -1} reads ${JSON.stringify(history.keys[history.mopKey[mop] ?? 0])} as something that is no [version, value]; check plain registers as rw-register.`;
  }
  return undefined;
}
