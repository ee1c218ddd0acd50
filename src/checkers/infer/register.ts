import { mopKindCode } from "../../history/history.ts";
import { none } from "./element-table.ts";
import type { Inference, InferenceInput, Inferred } from "./inference.ts";
import { lostUpdates } from "./register/lost-updates.ts";
import { ownWritesFound } from "./register/own-writes-found.ts";
import { registerEdges } from "./register/register-edges.ts";
import { registerLog } from "./register/register-log.ts";
import { registerReads } from "./register/register-reads.ts";
import { registerVersions } from "./register/register-versions.ts";
import { versionOrder } from "./register/version-order.ts";
import { visits } from "./register/visits.ts";
import { replacedOwnRead } from "./register/replaced-own-read.ts";
import { judgeUnwritten } from "./unwritten.ts";

/**
 * Registers that are read and replaced whole, each value written at most once per key (Kingsbury and
 * Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", 2020, section 5). A
 * value names its writer, but nothing says in which order values followed each other, but that null
 * came first; the user may vouch for more.
 *
 * A write of unknown outcome makes no dependency, but takes part in the order of versions. Failed
 * transactions serve G1a and G1b only. A key with a value written twice is left out. Linear, with
 * linearizable keys near-linear.
 */
export const register: Inference = {
  name: "rw-register",
  summary:
    "registers that are read and replaced whole: who wrote what is known, the order of versions in part",
  kinds: [mopKindCode.w, mopKindCode.r],
  applies: (_, objects) => objects.has("rw-register"),
  infer,
};

function infer(input: InferenceInput): Inferred {
  const { transactions, edges, findings, assumptions = {} } = input;
  const log = registerLog(transactions);
  const versions = registerVersions(transactions, log);
  registerReads(transactions, log, versions, findings);
  lostUpdates(transactions, log, versions, findings);
  const visited = visits(transactions, log, versions);
  const { order, wfr } = versionOrder(transactions, visited, versions, assumptions, findings);
  registerEdges(transactions, visited, versions, order, edges);
  if (wfr) ownWritesFound(transactions, visited, versions, findings);
  const { history } = transactions;
  const { problems, notes } = judgeUnwritten(history, history.beginning, versions.stranger);
  return {
    problems: [...versions.problems, ...problems],
    notes,
    before: () => none,
    replacedOwnRead: edges.length === 0 && replacedOwnRead(transactions, visited, versions, order),
  };
}
