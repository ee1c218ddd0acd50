import { mopKindCode } from "../../history/history.ts";
import { elementTable, none } from "./element-table.ts";
import type { Inference, InferenceInput, Inferred } from "./inference.ts";
import { setEdges } from "./set/set-edges.ts";
import { setReadAnomalies } from "./set/set-read-anomalies.ts";
import { visibleElements } from "./set/visible-elements.ts";
import { judgeUnwritten } from "./unwritten.ts";

/**
 * Sets of rows that only ever grow: `["add", k, e]` inserts, `["rs", k, [e…]]` reads the whole set.
 *
 * Rows are no list: below serializability two readers may see {e1} and {e2}. So there is no order
 * between inserts, no ww edge, no lost update. What is certain: a seen element's insert came before the
 * read (wr), and a read that misses a committed element came before its insert, because the predicate
 * would have matched it (predicate rw; Adya, Liskov and O'Neil 2000, section 4.4). Assumes that rows are neither deleted
 * nor moved to another set.
 */
export const set: Inference = {
  name: "set",
  summary: "sets of rows that only grow, read whole: wr and predicate rw, no order between inserts",
  kinds: [mopKindCode.add, mopKindCode.rs],
  applies: (kinds) => kinds.has(mopKindCode.add) || kinds.has(mopKindCode.rs),
  infer,
};

function infer({ transactions, edges, findings }: InferenceInput): Inferred {
  const adds = elementTable(transactions, mopKindCode.add);
  if (adds.problems.length > 0) return { problems: adds.problems, before: () => none };
  const unwritten = setReadAnomalies(transactions, adds, findings);
  setEdges(transactions, adds, visibleElements(transactions, adds), edges);
  const { history } = transactions;
  return { ...judgeUnwritten(history, history.beginning, unwritten), before: () => none };
}
