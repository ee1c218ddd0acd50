import type { History } from "../../history/history.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { type Promotion, promotionId, type ShownStage, stageFacts, type StageRead } from "./stage-facts.ts";
import { caseOf, casesByAnomaly, readerText, restFirst } from "./told.ts";

/**
 * Stages of model versions: at most one version of a model is in production
 * (`several-in-production`), and once one was, one always is (`none-in-production`).
 *
 * Assumes: reads are `ok` operations that carry `data.stages[model][version] = [stage, promoted by]`, all
 * versions of the model as one statement showed them; promotions carry
 * `data.promoted[model] = [version, attempt]`. A version leaves production only in the transaction that
 * puts another one there. That a model had a version in production is certain to a read where a promotion had
 * been confirmed, or another such read had shown one, before it was invoked, and where it shows a version
 * that was promoted and is no longer in production. Linear.
 */
export const productions: DomainChecker = {
  name: "productions",
  summary: "exactly one version of a model is in production, from the first promotion on",
  anomalies: {
    "several-in-production": "two versions of one model are in production at the same time",
    "none-in-production": "no version of a model is in production, though one had been",
  },
  check,
};

function check(history: History): DomainResult {
  const { reads, promotions } = stageFacts(history);
  const several = reads.filter((read) => inProduction(read).length > 1);
  const anomalies = casesByAnomaly({
    "several-in-production": unique(several).map((read) => severalWitness(history, read, promotions)),
    "none-in-production": noneWitnesses(history, reads, promotions),
  });
  return { anomalies, notes: [] };
}

function inProduction({ stages }: StageRead): readonly ShownStage[] {
  return stages.filter(({ stage }) => stage === "production");
}

/** One read of each case, those at rest first: there it lasts. */
function unique(reads: readonly StageRead[]): readonly StageRead[] {
  const cases = new Map<string, StageRead>();
  for (const read of restFirst(reads)) {
    const id = JSON.stringify([read.model, inProduction(read)]);
    if (!cases.has(id)) cases.set(id, read);
  }
  return [...cases.values()];
}

function severalWitness(
  history: History,
  read: StageRead,
  promotions: ReadonlyMap<string, Promotion>,
): Witness {
  const there = inProduction(read);
  const promoters = there.flatMap(({ promotedBy }) => {
    const promotion = promotedBy === null ? undefined : promotions.get(promotionId(read.model, promotedBy));
    return promotion === undefined ? [] : [promotion];
  });
  const by = there.map(({ version, promotedBy }) => {
    if (promotedBy === null) return `version ${valueText(version)} was there from the beginning`;
    const promotion = promotions.get(promotionId(read.model, promotedBy));
    const where = promotion === undefined ? "" : ` (index ${indexOf(history, promotion.row)})`;
    return `version ${valueText(version)} was promoted by ${valueText(promotedBy)}${where}`;
  });
  return caseOf(
    history,
    [...promoters, read.reader].map(({ row }) => row),
    `versions ${sentenceList(there.map(({ version }) => valueText(version)))} of ${valueText(read.model)} were ` +
      `in production at the same time, as ${readerText(history, read.reader)} saw: ${sentenceList(by)}`,
  );
}

/** Something that was over before a read began, and after which one version is in production. */
interface Certain {
  readonly row: number;
  readonly why: string;
}

function noneWitnesses(
  history: History,
  reads: readonly StageRead[],
  promotions: ReadonlyMap<string, Promotion>,
): readonly Witness[] {
  const first = new Map<string, Certain>();
  const note = (model: string, certain: Certain): void => {
    const known = first.get(model);
    if (known === undefined || certain.row < known.row) first.set(model, certain);
  };
  for (const { row, model, version } of promotions.values())
    note(model, { row, why: `version ${version} had been promoted (index ${indexOf(history, row)})` });
  for (const read of reads) {
    const [shown] = inProduction(read);
    if (shown === undefined) continue;
    const why = `version ${valueText(shown.version)} had been seen in production (index ${indexOf(history, read.reader.row)})`;
    note(read.model, { row: read.reader.row, why });
  }
  return reads.flatMap((read): readonly Witness[] => {
    if (inProduction(read).length > 0) return [];
    const before = first.get(read.model);
    const left = read.stages.find(({ promotedBy }) => promotedBy !== null);
    const isBefore = before !== undefined && before.row < read.began;
    if (!isBefore && left === undefined) return [];
    const why = isBefore
      ? before.why
      : `version ${valueText(left?.version)} had been promoted by ${valueText(left?.promotedBy)}`;
    return [
      caseOf(
        history,
        [...(isBefore ? [before.row] : []), read.reader.row],
        `${readerText(history, read.reader)} saw no version of ${valueText(read.model)} in production, though ${why}`,
      ),
    ];
  });
}
