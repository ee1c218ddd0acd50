import { type History, mopKindCode, typeCode } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { indexOf } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { isWhole, listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, told } from "./told.ts";

/**
 * Quotas of models that are only ever moved from one model of a project to another: when everything has
 * ended, the project's models together hold what they began with (`changed-total`), and each of them what
 * the committed moves have left it (`lost-move`).
 *
 * Assumes: moves are `ok` operations that carry `data.moved[model] = by how much`, the sum of which is 0; they
 * write (`w`) the models' registers; reads at rest (f `read-at-rest`) come after everything else and carry
 * `data.quotas[project][model] = [in the beginning, now]`, all models of the project; all of it in whole numbers,
 * and what is not is not judged, for sums of fractions are rounded. A move of unknown
 * outcome changed all of its models or none: the total is known all the same, and its models are not judged
 * one by one. Linear.
 */
export const quotas: DomainChecker = {
  name: "quotas",
  summary: "moving quota between models neither makes nor loses any, and every committed move counts",
  anomalies: {
    "changed-total": "the models of a project together hold more or less quota than in the beginning",
    "lost-move": "a model holds another quota than the committed moves have left it",
  },
  check,
};

/** The quota of one model when everything had ended. */
interface Holding {
  readonly model: string;
  readonly began: number;
  readonly holds: number;
}

function check(history: History): DomainResult {
  const moved = movedBy(history);
  const unknown = touchedByUnknown(history);
  const totals: Witness[] = [];
  const lost: Witness[] = [];
  for (const { row, isAtRest, data } of told(history)) {
    if (!isAtRest) continue;
    for (const [project, shown] of members(member(data, "quotas"))) {
      const holdings = members(shown).flatMap(([model, pair]) => holdingOf(model, pair));
      // Of a part of the models the rest may have got it, or given it.
      if (holdings.length === members(shown).length)
        totals.push(...totalWitness(history, row, project, holdings));
      for (const holding of holdings)
        if (!unknown.has(holding.model))
          lost.push(...lostWitness(history, row, holding, moved.get(holding.model) ?? 0));
    }
  }
  return { anomalies: casesByAnomaly({ "changed-total": totals, "lost-move": lost }), notes: [] };
}

function holdingOf(model: string, pair: Json): readonly Holding[] {
  const [began, holds] = listOf(pair);
  return isWhole(began) && isWhole(holds) ? [{ model, began, holds }] : [];
}

/** By model: what all committed moves added to it; not a number where one of them did not tell it in whole ones. */
function movedBy(history: History): ReadonlyMap<string, number> {
  const moved = new Map<string, number>();
  for (const { data } of told(history))
    for (const [model, amount] of members(member(data, "moved")))
      moved.set(model, (moved.get(model) ?? 0) + (isWhole(amount) ? amount : NaN));
  return moved;
}

/** Models that operations of unknown outcome may have written. An invocation that nothing completes is one. */
function touchedByUnknown(history: History): ReadonlySet<Json> {
  const touched = new Set<Json>();
  for (let row = 0; row < history.length; row++) {
    const type = history.type[row];
    if (type !== typeCode.info && !(type === typeCode.invoke && history.pair[row] === -1)) continue;
    for (let mop = history.mopStart[row] ?? 0; mop < (history.mopStart[row + 1] ?? 0); mop++)
      if (history.mopKind[mop] === mopKindCode.w) touched.add(history.keys[history.mopKey[mop] ?? 0] ?? null);
  }
  return touched;
}

function totalWitness(
  history: History,
  row: number,
  project: string,
  holdings: readonly Holding[],
): readonly Witness[] {
  const began = holdings.reduce((sum, holding) => sum + holding.began, 0);
  const holds = holdings.reduce((sum, holding) => sum + holding.holds, 0);
  if (began === holds) return [];
  return [
    caseOf(
      history,
      [row],
      `the models of ${valueText(project)} together held ${holds} when everything had ended ` +
        `(index ${indexOf(history, row)}), though they began with ${began} and quota was only moved`,
    ),
  ];
}

function lostWitness(
  history: History,
  row: number,
  { model, began, holds }: Holding,
  moved: number,
): readonly Witness[] {
  if (Number.isNaN(moved) || began + moved === holds) return [];
  return [
    caseOf(
      history,
      [row],
      `${valueText(model)} held ${holds} when everything had ended (index ${indexOf(history, row)}), ` +
        `though it began with ${began} and the committed moves come to ${moved}`,
    ),
  ];
}
