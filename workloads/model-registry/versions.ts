import type { OperationDefinition, PlannedOperation, Transaction } from "isolab";

/** The versions of one model as a transaction saw them, oldest row first; the lists run in parallel. */
export interface SeenVersions {
  /** The attempt that registered each, from `artifact_uri`. */
  readonly elements: readonly string[];
  readonly versions: readonly number[];
}

/** Reads all versions of a model in one statement. */
export async function versionsOf(tx: Transaction, model: number): Promise<SeenVersions> {
  const { rows } = await tx.query<{ version: number; artifact_uri: string }>(
    "select version, artifact_uri from model_versions where model_id = $1 order by id",
    [model],
  );
  return { elements: rows.map((row) => row.artifact_uri), versions: rows.map((row) => row.version) };
}

/** The next number: the highest so far plus one. */
export function nextVersion({ versions }: SeenVersions): number {
  return Math.max(0, ...versions) + 1;
}

/** Inserts the row of one version, and the attempt that registers it. */
export async function insertVersion(
  tx: Transaction,
  { model, version, attempt }: { readonly model: number; readonly version: number; readonly attempt: string },
): Promise<void> {
  await tx.query(
    "insert into model_versions (model_id, version, framework, artifact_uri) values ($1, $2, 'pytorch', $3)",
    [model, version, attempt],
  );
}

/** A unique key that gives no number of a model twice. */
export function uniqueVersions(): readonly string[] {
  return ["create unique index model_versions_unique on model_versions (model_id, version)"];
}

/** The set that a model's versions are. */
export function keyOf(model: number): string {
  return `model/${model}`;
}

/** The model that a planned operation is about. */
export function modelOf(args: PlannedOperation["args"]): number {
  return Number(args.model);
}

/** Every model a plan touches, in ascending order. */
export function modelsOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => modelOf(args)))].sort((a, b) => a - b);
}

/** The read of one model's versions after everything else has ended. */
export const readAtRest: OperationDefinition = {
  invoke: (args) => [["rs", keyOf(modelOf(args)), null]],
  run: async (session, args) => {
    const model = modelOf(args);
    const { elements, versions } = await session.transaction((tx) => versionsOf(tx, model));
    const key = keyOf(model);
    return { value: [["rs", key, elements]], data: { versions: { [key]: versions } } };
  },
};
