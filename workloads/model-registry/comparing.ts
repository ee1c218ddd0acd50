import { Abort, type Json, type Mop, type PlannedOperation, type Transaction } from "isolab";

import { keyOf } from "./versions.ts";

/** The latest version of a model. */
export interface Latest {
  readonly id: number;
  readonly version: number;
  /** The training that made it; empty where it was there from the beginning. */
  readonly artifact_uri: string;
}

/** A metric, and the evaluation that logged it. */
export interface Metric {
  readonly metric_name: string;
  readonly metric_value: number;
  readonly logged_by: string;
}

/** One model as a comparison saw it. */
export interface Compared {
  readonly model: number;
  readonly latest: Pick<Latest, "version" | "artifact_uri">;
  readonly metrics: readonly Metric[];
}

/** Locks the rows of models, in ascending order, so that nobody waits in a circle. */
export async function lockModels(tx: Transaction, models: readonly number[], lock: string): Promise<void> {
  await tx.query(`select id from models where id in (${placeholders(models)}) order by id ${lock}`, models);
}

/** Reads the latest version of a model in one statement. */
export async function latestOf(tx: Transaction, model: number): Promise<Latest> {
  const { rows } = await tx.query<{ [column in keyof Latest]: Latest[column] }>(
    "select id, version, artifact_uri from model_versions where model_id = $1 order by version desc limit 1",
    [model],
  );
  const [latest] = rows;
  if (latest === undefined) throw new Abort("no-such-model");
  return latest;
}

/** The read of the register that a model's latest version is: unset as long as nobody trained it. */
export function readOf(model: number, { version, artifact_uri }: Compared["latest"]): Mop {
  return ["r", keyOf(model), artifact_uri === "" ? null : [version, artifact_uri]];
}

/** For the check: the version, who made it, who evaluated it, and what that comes to. */
export function shown({ latest, metrics }: Compared): Json {
  const averages = [...new Set(metrics.map(({ metric_name }) => metric_name))].sort().map((name) => {
    const values = metrics.filter(({ metric_name }) => metric_name === name);
    return [name, values.reduce((sum, { metric_value }) => sum + metric_value, 0) / values.length] as const;
  });
  const by = [latest.artifact_uri, ...metrics.map(({ logged_by }) => logged_by)];
  return {
    version: latest.version,
    by: [...new Set(by)].filter((attempt) => attempt !== ""),
    averages: Object.fromEntries(averages),
  };
}

/** Of a list in a statement. */
export function placeholders(models: readonly number[]): string {
  return models.map((_, i) => `$${i + 1}`).join(", ");
}

/** The models that a planned operation is about. */
export function modelsIn({ models }: PlannedOperation["args"]): readonly number[] {
  return Array.isArray(models) ? models.map(Number) : [];
}

/** Every model a plan touches, in ascending order. */
export function allModels(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.flatMap(({ args }) => modelsIn(args)))].sort((a, b) => a - b);
}
