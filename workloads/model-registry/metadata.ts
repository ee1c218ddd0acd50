import type { PlannedOperation, Transaction } from "isolab";

import { modelName, sampleModels } from "./schema.ts";
import { keyOf, modelsOf } from "./versions.ts";

/** The metadata of a model's first version, as a transaction read it. */
export interface Metadata {
  readonly tags: Readonly<Record<string, string>>;
  /** How often it was updated: what an optimistic lock compares. */
  readonly version_lock: number;
  /** The attempt that last updated it; empty where nobody has. */
  readonly updated_by: string;
}

/** What the registry's own table lacks: who last updated a version's metadata. */
export const updatedByColumn =
  "alter table model_metadata add column updated_by varchar(40) not null default ''";

/** Models with one version each, whose metadata is empty. The version has the number of its model. */
export function sampleMetadata(plan: readonly PlannedOperation[]): readonly string[] {
  const models = modelsOf(plan);
  if (models.length === 0) return [];
  const versions = models.map(
    (model) => `(${model}, ${model}, 1, 'pytorch', 's3://models/${modelName(model)}/1')`,
  );
  const rows = models.map((model) => `(${model}, '{}', '{}')`);
  return [
    ...sampleModels(models),
    `insert into model_versions (id, model_id, version, framework, artifact_uri) values ${versions.join(", ")}`,
    `insert into model_metadata (model_version_id, tags, parameters) values ${rows.join(", ")}`,
  ];
}

/** Reads it in one statement, and locks it when asked to. */
export async function metadataOf(tx: Transaction, model: number, lock = ""): Promise<Metadata> {
  const { rows } = await tx.query<{ [column in keyof Metadata]: Metadata[column] }>(
    `select tags, version_lock, updated_by from model_metadata where model_version_id = $1 ${lock}`,
    [model],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`model ${model} has no metadata, which the set-up gives it`);
  return row;
}

/** The register that `updated_by` is, with `version_lock` as its version. */
export function metadataKey(model: number): string {
  return `${keyOf(model)}/metadata`;
}

/** The register's version: null as long as nobody updated it. */
export function updateSeen({ version_lock, updated_by }: Metadata): readonly [number, string] | null {
  return version_lock === 0 ? null : [version_lock, updated_by];
}
