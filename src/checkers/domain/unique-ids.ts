import type { History } from "../../history/history.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { handedOut, handedTwice } from "./handed-out.ts";
import { casesByAnomaly } from "./told.ts";

/**
 * Ids that are handed out differ (`duplicate-id`; `unique-ids` of jepsen.checker).
 *
 * Assumes: whoever was handed an id says `data.handed[series] = [id, attempt]`, once for each. Only `ok`
 * operations count: two of them with the same id were both told that it is theirs. Ids of operations that
 * failed, or may have, can be handed out again. Gaps and order are nobody's business. Linear.
 */
export const uniqueIds: DomainChecker = {
  name: "unique-ids",
  summary: "no id of a series is handed out twice",
  anomalies: { "duplicate-id": "two committed operations were handed the same id" },
  check,
};

function check(history: History): DomainResult {
  const words = { noun: "id", verb: "handed" };
  const twice = handedTwice(history, handedOut(history, "handed"), words);
  return { anomalies: casesByAnomaly({ "duplicate-id": twice }), notes: [] };
}
