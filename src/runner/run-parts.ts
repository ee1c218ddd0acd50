import type { Database } from "../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import { atRate } from "../generators/stagger.ts";
import { drawPlan, type Plan } from "../generators/plan.ts";
import { historyFormat, type Header } from "../history/header.ts";
import { WorkloadError } from "../workload/define-workload.ts";
import type { RunConfig } from "./run-config.ts";

/** The plan that was given, or else drawn. @throws WorkloadError when the generator does not work */
export function planOf({ plan, workload, parameters, rate, seed, sessions, operations }: RunConfig): Plan {
  if (plan !== undefined) return plan;
  try {
    const generator = workload.generator(parameters);
    return drawPlan(rate === undefined ? generator : atRate(rate, generator), { seed, sessions, operations });
  } catch (error) {
    throw refused(`the generator of ${workload.name}`, error);
  }
}

/** The first line of the run's history. */
export function headerOf(config: RunConfig, database: Database, mode: Header["mode"]): Header {
  return {
    isolab: historyFormat,
    seed: config.seed,
    workload: config.workload.name,
    variant: config.variantName,
    params: { ...config.parameters, sessions: config.sessions, operations: config.operations },
    mode,
    isolation: config.isolation,
    database: database.description,
    checks: config.workload.checks,
  };
}

/** The statements that make the tables of the run. */
export function schemaOf({ workload, variant }: RunConfig, { dialect }: Database): readonly string[] {
  return [...workload.schema(dialect), ...(variant.schema?.(dialect) ?? [])];
}

/** The statements that put the rows into them that the plan needs. */
export function setupOf({ workload }: RunConfig, { dialect }: Database, plan: Plan): readonly string[] {
  return workload.setup(dialect, plan.sessions.flat());
}

/** Carries out statements of the workload's own. @throws WorkloadError when the server refuses them */
export async function prepare(
  { workload }: RunConfig,
  database: Database,
  statements: readonly string[],
): Promise<void> {
  try {
    await database.execute(statements);
  } catch (error) {
    if (error instanceof DatabaseError && error.fields.connectionLost) {
      throw new EnvironmentError(`the server was lost: ${error.message}`, { cause: error });
    }
    throw error instanceof EnvironmentError ? error : refused(`the schema of ${workload.name}`, error);
  }
}

function refused(what: string, error: unknown): WorkloadError {
  const why = error instanceof Error ? error.message : String(error);
  return new WorkloadError(`${what} does not work: ${why}`, { cause: error });
}
