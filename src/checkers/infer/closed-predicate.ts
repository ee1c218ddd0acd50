import { mopKindCode, shapeCode, type History } from "../../history/history.ts";
import { none, writerState } from "./element-table.ts";
import type { Inference, InferenceInput, Inferred } from "./inference.ts";
import { predicateEdges } from "./predicate/predicate-edges.ts";
import { eachShownRow, type PredicateReads, predicateReads } from "./predicate/predicate-reads.ts";
import type { Transactions } from "./transactions.ts";
import { rowAccesses, type Shows } from "./versioned/row-accesses.ts";
import { rowEdges } from "./versioned/row-edges.ts";
import { lostUpdates, missedRows, readFindings, tiedVersions } from "./versioned/row-findings.ts";
import { rowOrder } from "./versioned/row-order.ts";
import { rowValue } from "./versioned/row-value.ts";
import { type RowVersions, rowVersions, versionKind } from "./versioned/row-versions.ts";
import { elementBefore, registerReads, rowDoubts } from "./versioned-register.ts";

/**
 * Rows of a universe that the history knows whole, read by predicates: all rooms of a house, all stages
 * of a model. After Elle's closed-predicate, but for the order of a row's versions: Elle takes that of
 * the history, which concurrent writers need not keep; here a row has an order only where it is proven
 * (see `rowOrder`), and otherwise contributes no ww or rw.
 *
 * - `["insert", row, value]`, `["w", row, value]` (an update), `["delete", row, null]`, `["r", row, value | null]`.
 * - `["rp", predicate, [[row, value], …] | null]`, or an object from rows to values: all rows whose value
 *   matches. Predicates: `true`, `["=", v]`, `["=", field, v]`, `["mod", m, r]`.
 * - Rows with a version column hold `[n, value]`, as in versioned registers; predicates look at the value.
 *   A value that is an array and no such pair is refused.
 * - An operation with f `init` that inserts states what was there in the beginning; without one there was
 *   nothing.
 *
 * Each value is written at most once per row. A row that was shown is read as an item; one that was not
 * shown was not there yet, was deleted, or had a version that the predicate rejects, and what holds in
 * each of these cases is proven (Adya, Liskov and O'Neil 2000, section 4.4). Assumes that nobody but the history's
 * transactions changes rows, that a row is inserted only where there is none, and that `w` and `delete`
 * are stated only where they changed the row. Near-linear for predicates that are used more than once.
 */
export const closedPredicate: Inference = {
  name: "closed-predicate",
  summary:
    "rows of a known universe, read by predicates: phantoms are proven, the order of versions where it can be",
  kinds: [mopKindCode.insert, mopKindCode.w, mopKindCode.delete, mopKindCode.r, mopKindCode.rp],
  applies: (kinds) =>
    [mopKindCode.insert, mopKindCode.delete, mopKindCode.rp].some((kind) => kinds.has(kind)),
  infer,
};

function infer({ transactions, edges, findings }: InferenceInput): Inferred {
  const { history } = transactions;
  const versions = rowVersions(transactions, true);
  const reads = predicateReads(transactions, versions);
  const problem = versions.problems[0] ?? reads.problems[0] ?? malformedRead(transactions);
  if (problem !== undefined) return { problems: [problem], before: () => none };
  const accesses = rowAccesses(transactions, versions, rowReads(history, reads), findings);
  const order = rowOrder(versions, accesses, founders(transactions, versions));
  readFindings(transactions, versions, accesses, findings);
  missedRows(transactions, versions, accesses, order, findings);
  lostUpdates(versions, accesses, findings);
  tiedVersions(versions, accesses, findings);
  rowEdges(versions, accesses, order, edges);
  predicateEdges(transactions, versions, order, reads, { edges, findings });
  return {
    ...rowDoubts(history, accesses, findings),
    before: (key, element) => elementBefore(versions, order, key, element),
  };
}

/** What `r` and `rp` show. */
function rowReads(history: History, reads: PredicateReads): Shows {
  const ofRegister = registerReads(history, true);
  const readOf = new Map(Array.from(reads.mop, (mop, read) => [mop, read]));
  return (mop, use) => {
    if (history.mopKind[mop] !== mopKindCode.rp) {
      ofRegister(mop, use);
      return;
    }
    const read = readOf.get(mop);
    if (read !== undefined) eachShownRow(reads, read, use);
  };
}

/** Whether a version is one that the run began with. */
function founders(
  { history }: Transactions,
  { kind, row, state }: RowVersions,
): (version: number) => boolean {
  const init = history.functions.indexOf("init");
  return (version) =>
    kind[version] === versionKind.insert &&
    state[version] === writerState.committed &&
    history.f[row[version] ?? 0] === init;
}

function malformedRead({ history, count, row, committed }: Transactions): string | undefined {
  const { mopKind, mopShape } = history;
  for (let node = 0; node < count; node++) {
    if (committed[node] !== 1) continue;
    const at = row[node] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++)
      if (
        mopKind[mop] === mopKindCode.r &&
        mopShape[mop] === shapeCode.list &&
        rowValue(history, mop, true) === null
      )
        return `The operation with index ${history.index[at] ?? -1} reads ${JSON.stringify(history.keys[history.mopKey[mop] ?? 0])} as a list that is no [version, value].`;
  }
  return undefined;
}
