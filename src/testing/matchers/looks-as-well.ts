import { impliedBeModels, isBeModel } from "../../checkers/biswas-enea/be-models.ts";
import { orderOf } from "../../checkers/check-graph.ts";
import { closure } from "../../checkers/models/closure.ts";
import { modelImplies } from "../../checkers/models/model-table.ts";
import { canonicalModel } from "../../checkers/models/names.ts";

/**
 * Whether judging a history by one model looks for everything that the other one forbids: the other is
 * implied, or neither counts an order of sessions or of time, without which the search is the same.
 */
export function looksAsWell(judgedBy: string, asked: string): boolean {
  if (isBeModel(judgedBy)) return isBeModel(asked) && impliedBeModels(judgedBy).includes(asked);
  if (isBeModel(asked)) return false;
  const [judge, other] = [canonicalModel(judgedBy), canonicalModel(asked)];
  if (closure([judge], modelImplies).has(other)) return true;
  return orderOf(judge) === "none" && orderOf(other) === "none";
}
