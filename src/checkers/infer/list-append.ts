import { mopKindCode, shapeCode, type History } from "../../history/history.ts";
import { type ElementTable, elementTable, none } from "./element-table.ts";
import type { Findings } from "./finding.ts";
import type { Inference, InferenceInput, Inferred } from "./inference.ts";
import { dirtyUpdates, readAnomalies } from "./list/read-anomalies.ts";
import { listEdges } from "./list/list-edges.ts";
import { lostUpdates } from "./list/lost-updates.ts";
import { ownReads } from "./list/own-reads.ts";
import { eachCommittedMop, isRead } from "./list/list-reads.ts";
import { type VersionOrders, versionOrders } from "./list/version-orders.ts";

/**
 * Lists that are only ever appended to (Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from
 * Experimental Observations", 2020). Linear in the elements of all reads.
 *
 * An append of a transaction with unknown outcome may have happened and has edges; what such a
 * transaction read is not used. Failed transactions serve G1a and dirty-update only.
 */
export const listAppend: Inference = {
  name: "list-append",
  summary: "lists that are appended to and read whole: the order of all versions is known",
  kinds: [mopKindCode.append, mopKindCode.r],
  applies: (kinds) =>
    kinds.has(mopKindCode.append) || (kinds.has(mopKindCode.r) && !kinds.has(mopKindCode.w)),
  infer,
};

function infer({ transactions, edges, findings }: InferenceInput): Inferred {
  const { history } = transactions;
  const appends = elementTable(transactions, mopKindCode.append);
  const problem = appends.problems[0] ?? scalarRead(transactions);
  if (problem !== undefined) return { problems: [problem], before: () => none };
  const orders = versionOrders(transactions, appends);
  readAnomalies(transactions, appends, orders, findings);
  dirtyUpdates(transactions, appends, orders, findings);
  ownReads(transactions, appends, orders, findings);
  lostUpdates(transactions, orders, findings);
  listEdges(transactions, appends, orders, edges);
  return {
    problems: unwrittenProblem(history, orders, findings),
    before: (key, element) => before(appends, orders, key, element),
  };
}

function scalarRead(transactions: InferenceInput["transactions"]): string | undefined {
  const { history, row } = transactions;
  let problem: string | undefined;
  eachCommittedMop(transactions, (mop, node) => {
    if (isRead(history, mop) && history.mopShape[mop] === shapeCode.scalar)
      problem ??= `The operation with index ${history.index[row[node] ?? 0] ?? -1} reads ${keyText(history, history.mopKey[mop] ?? 0)} as something that is no list; check registers as registers.`;
  });
  return problem;
}

/**
 * An element that nobody appended: an error of a run that began empty, elsewhere a reason to doubt. Elle
 * refuses such lists, so that no convention of its makes them valid.
 */
function unwrittenProblem(
  history: History,
  { unwritten }: VersionOrders,
  findings: Findings,
): readonly string[] {
  if (unwritten === null) return [];
  const { row, key, element } = unwritten;
  if (history.beginning === "empty") {
    findings.addFirst("garbage-read", [row], key, element);
    return [];
  }
  return [
    `The operation with index ${history.index[row] ?? -1} reads ${JSON.stringify(history.values[element])} from ${keyText(history, key)}, which no completed operation appended.`,
  ];
}

function keyText({ keys }: History, key: number): string {
  return JSON.stringify(keys[key]);
}

function before(appends: ElementTable, orders: VersionOrders, key: number, element: number): number {
  const append = appends.find(key, element);
  const previous = append === none ? none : (orders.previous[append] ?? none);
  return previous === none ? none : (appends.element[previous] ?? none);
}
