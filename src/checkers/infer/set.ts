import { mopKindCode } from "../../history/history.ts";
import { elementTable, none } from "./element-table.ts";
import type { Inference, InferenceInput, Inferred } from "./inference.ts";
import { setEdges } from "./set/set-edges.ts";
import { setReadAnomalies } from "./set/set-read-anomalies.ts";
import { visibleElements } from "./set/visible-elements.ts";

/**
 * Sets of rows that only ever grow: `["add", k, e]` inserts, `["rs", k, [e…]]` reads the whole set.
 *
 * Rows are no list: below serializability two readers may see {e1} and {e2}. So there is no order
 * between inserts, no ww edge, no lost update. What is certain: a seen element's insert came before the
 * read (wr), and a read that misses a committed element came before its insert, because the predicate
 * would have matched it (predicate rw; Adya 1999, section 4.4.2). Assumes that rows are neither deleted
 * nor moved to another set.
 */
export const set: Inference = {
  name: "set",
  summary: "sets of rows that only grow, read whole: wr and predicate rw, no order between inserts",
  kinds: [mopKindCode.add, mopKindCode.rs],
  applies: (kinds) => kinds.has(mopKindCode.add) || kinds.has(mopKindCode.rs),
  infer,
};

function infer({ transactions, edges, findings, beganEmpty }: InferenceInput): Inferred {
  const adds = elementTable(transactions, mopKindCode.add);
  if (adds.problems.length > 0) return { problems: adds.problems, before: () => none };
  setReadAnomalies(transactions, adds, findings, beganEmpty);
  setEdges(transactions, adds, visibleElements(transactions, adds), edges);
  return { problems: [], before: () => none };
}
