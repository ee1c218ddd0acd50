import type { Dialect, Json, Mop, OperationDefinition, PlannedOperation, Transaction } from "isolab";

import { modelName } from "./schema.ts";
import { keyOf, modelOf, modelsOf } from "./versions.ts";

/** One version of a model as a transaction saw it. */
export interface SeenStage {
  readonly id: number;
  readonly version: number;
  readonly stage: string;
  /** The attempt that last promoted it; empty where nobody has. */
  readonly promoted_by: string;
  /** How often it was promoted. */
  readonly promotions: number;
}

/** What the registry's own tables lack: who promoted a version, and how often that happened. */
export const promotionColumns: readonly string[] = [
  "alter table model_versions add column promoted_by varchar(40) not null default ''",
  "alter table model_versions add column promotions int not null default 0",
];

/**
 * Models and their versions for a plan: as many versions as the plan speaks of. With `preset`, the first
 * version of each model is in production.
 */
export function sampleStages(plan: readonly PlannedOperation[]): readonly string[] {
  const models = modelsOf(plan);
  if (models.length === 0) return [];
  const most = Math.max(...plan.map(({ args }) => Number(args.versions)));
  const preset = plan.some(({ args }) => args.preset === 1);
  const rows = models.flatMap((model) =>
    Array.from({ length: most }, (_, i) => {
      const stage = preset && i === 0 ? "production" : "staging";
      return `(${model}, ${i + 1}, 'pytorch', 's3://models/${modelName(model)}/${i + 1}', '${stage}')`;
    }),
  );
  return [
    `insert into model_versions (model_id, version, framework, artifact_uri, stage) values ${rows.join(", ")}`,
  ];
}

/** Reads the stage of every version of a model in one statement, and locks them when asked to. */
export async function stagesOf(tx: Transaction, model: number, lock = ""): Promise<readonly SeenStage[]> {
  const { rows } = await tx.query<{ [column in keyof SeenStage]: SeenStage[column] }>(
    `select id, version, stage, promoted_by, promotions from model_versions
     where model_id = $1 order by version ${lock}`,
    [model],
  );
  return rows;
}

/** Takes one version out of production. */
export async function demote(tx: Transaction, id: number): Promise<void> {
  await tx.query("update model_versions set stage = 'staging' where id = $1", [id]);
}

/** Puts one version into production. */
export async function promote(tx: Transaction, id: number, attempt: string): Promise<void> {
  await tx.query(
    `update model_versions set stage = 'production', promoted_by = $2, promotions = promotions + 1
     where id = $1`,
    [id, attempt],
  );
}

/**
 * The register that `promoted_by` of one version is. Demotions leave it alone: which version a promotion
 * will demote is not known before it has read, but what it writes must be known before it begins.
 */
export function promotedKey(model: number, version: number): string {
  return `${keyOf(model)}/v${version}`;
}

/** Reads of the registers of all versions, by number of promotions; unset where nobody promoted. */
export function promotedReads(model: number, seen: readonly SeenStage[]): readonly Mop[] {
  return seen.map(({ version, promoted_by, promotions }) => [
    "r",
    promotedKey(model, version),
    promotions === 0 ? null : [promotions, promoted_by],
  ]);
}

/** For the check of the invariant: each version's stage as one statement showed it, and who last promoted it. */
export function stagesShown(model: number, seen: readonly SeenStage[]): Json {
  const stages = seen.map(({ version, stage, promotions, promoted_by }) => [
    `${version}`,
    [stage, promotions === 0 ? null : promoted_by],
  ]);
  return { [keyOf(model)]: Object.fromEntries(stages) as Json };
}

/** The read of a whole model, by one that serves it, or after everything else has ended. */
export const readStages: OperationDefinition = {
  invoke: (args) =>
    Array.from({ length: Number(args.versions) }, (_, i): Mop => [
      "r",
      promotedKey(modelOf(args), i + 1),
      null,
    ]),
  run: async (session, args) => {
    const model = modelOf(args);
    const seen = await session.transaction((tx) => stagesOf(tx, model));
    return { value: promotedReads(model, seen), data: { stages: stagesShown(model, seen) } };
  },
};

/** A unique key that holds one version in production per model. */
export function oneInProduction(dialect: Dialect): readonly string[] {
  if (dialect === "postgres")
    return ["create unique index one_in_production on model_versions (model_id) where stage = 'production'"];
  return [
    `alter table model_versions add column production_of int as
     (case when stage = 'production' then model_id end) virtual, add unique key one_in_production (production_of)`,
  ];
}
