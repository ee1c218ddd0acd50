import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { listOf, member, members } from "./json-members.ts";
import { told, type Told } from "./told.ts";

/** One version of a model as a read showed it. */
export interface ShownStage {
  readonly version: string;
  readonly stage: string;
  /** The attempt that last promoted it, or null where nobody had. */
  readonly promotedBy: string | null;
}

/** All versions of a model as one statement of a committed transaction showed them. */
export interface StageRead {
  readonly reader: Told;
  /** Row of the invocation. */
  readonly began: number;
  readonly model: string;
  readonly stages: readonly ShownStage[];
}

/** A promotion that surely committed. */
export interface Promotion {
  /** Row of the completion. */
  readonly row: number;
  readonly model: string;
  readonly version: string;
}

/** What a history says about the stages of model versions. */
export interface StageFacts {
  /** In row order. */
  readonly reads: readonly StageRead[];
  /** By model and attempt, see {@link promotionId}; in row order. */
  readonly promotions: ReadonlyMap<string, Promotion>;
}

/** Collects them. Linear in the versions that reads showed. */
export function stageFacts(history: History): StageFacts {
  const reads: StageRead[] = [];
  const promotions = new Map<string, Promotion>();
  for (const reader of told(history)) {
    const { row, data } = reader;
    for (const [model, promoted] of members(member(data, "promoted"))) {
      const [version, attempt] = listOf(promoted);
      if (typeof version === "number" && typeof attempt === "string")
        promotions.set(promotionId(model, attempt), { row, model, version: `${version}` });
    }
    const invocation = history.pair[row] ?? -1;
    const began = invocation < 0 ? row : invocation;
    for (const [model, shown] of members(member(data, "stages")))
      reads.push({ reader, began, model, stages: stagesIn(shown) });
  }
  return { reads, promotions };
}

/** What a promotion is found by. */
export function promotionId(model: string, attempt: string): string {
  return JSON.stringify([model, attempt]);
}

function stagesIn(shown: Json): readonly ShownStage[] {
  return members(shown).flatMap(([version, pair]) => {
    const [stage, promotedBy] = listOf(pair);
    if (typeof stage !== "string") return [];
    return [{ version, stage, promotedBy: typeof promotedBy === "string" ? promotedBy : null }];
  });
}
