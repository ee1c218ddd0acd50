import type { Database } from "../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import { atRate } from "../generators/stagger.ts";
import { drawPlan, type Plan } from "../generators/plan.ts";
import { historyFormat, type Header } from "../history/header.ts";
import { WorkloadError } from "../workload/define-workload.ts";
import type { PlannedOperation, Workload } from "../workload/workload.ts";
import type { RunConfig } from "./run-config.ts";

/**
 * The plan that was given, or else drawn.
 * @throws WorkloadError when the generator does not work, plans what the variant does not define, or leaves nothing
 *   to be read at rest where the variant would read
 */
export function planOf(config: RunConfig): Plan {
  const plan = config.plan ?? drawn(config);
  checkPlan(config, plan);
  // One that was given may be a part of another, and be about nothing that can be read.
  if (config.plan === undefined) checkRest(config, plan);
  return plan;
}

function drawn({ workload, parameters, rate, seed, sessions, operations }: RunConfig): Plan {
  try {
    const generator = workload.generator(parameters);
    return drawPlan(rate === undefined ? generator : atRate(rate, generator), { seed, sessions, operations });
  } catch (error) {
    throw refused(`the generator of ${workload.name}`, error);
  }
}

/** Before anything is sent, so that a long run does not end with it. */
function checkPlan({ workload, variantName, variant }: RunConfig, plan: Plan): void {
  const planned = plan.sessions.flat();
  const defined = Object.keys(variant.operations);
  const unknown = [...planned, ...restOf(workload, planned)].find(({ f }) => !defined.includes(f));
  if (unknown !== undefined)
    throw new WorkloadError(
      `${workload.name}:${variantName} plans the operation "${unknown.f}" but does not define it; it defines ${defined.join(", ")}`,
    );
}

/** Invariants of what is read at rest would be shown nothing and find nothing, whatever is there. */
function checkRest({ workload, variantName, variant }: RunConfig, plan: Plan): void {
  const planned = plan.sessions.flat();
  if (planned.length === 0 || !("read-at-rest" in variant.operations)) return;
  if (restOf(workload, planned).length > 0) return;
  throw new WorkloadError(
    `atRest of ${workload.name} names nothing to read, though ${workload.name}:${variantName} defines read-at-rest: what is there in the end would not be checked`,
  );
}

function restOf(
  { name, atRest }: Workload,
  planned: readonly PlannedOperation[],
): readonly PlannedOperation[] {
  try {
    return atRest(planned);
  } catch (error) {
    throw refused(`atRest of ${name}`, error);
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
    checks: config.workload.checks.map((check) => (typeof check === "string" ? check : check.name)),
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
