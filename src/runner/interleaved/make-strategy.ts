import type { DatabaseDescription } from "../../history/header.ts";
import type { Plan } from "../../generators/plan.ts";
import type { ReleaseOrder } from "../../clients/watcher.ts";
import { strategies } from "../../scheduler/strategies.ts";
import type { Strategy } from "../../scheduler/strategy.ts";
import { stepFaults, withFaults } from "../../scheduler/with-faults.ts";
import { WorkloadError } from "../../workload/define-workload.ts";
import type { Interleaving, RunConfig } from "../run-config.ts";

/** Statements of an operation, as a first guess: BEGIN aside, a read, a pause, a write and a COMMIT. */
const pointsPerOperation = 4;

/** The strategy that was asked for. @throws WorkloadError when there is none of that name */
export function makeStrategy(
  interleaving: Interleaving,
  { isolation }: Pick<RunConfig, "isolation">,
  where: { readonly plan: Plan; readonly database: DatabaseDescription; readonly order: ReleaseOrder },
): Strategy {
  const { strategy: name, depth, overlaps, preemptions, prune, faults, faultRate } = interleaving;
  const create = strategies.find((entry) => entry.name === name)?.create;
  if (create === undefined) throw new WorkloadError(`there is no strategy "${name}" to explore with`);
  const { seed, sessions } = where.plan;
  const strategy = create({
    seed,
    isolation,
    database: where.database.kind,
    oneWaiter: where.order === "one-waiter",
    depth,
    expectedSteps: pointsPerOperation * sessions.reduce((sum, entries) => sum + entries.length, 0),
    overlaps,
    preemptions,
    prune,
  });
  const chosen = stepFaults.filter((fault) => faults.includes(fault.name));
  return chosen.length === 0 ? strategy : withFaults(strategy, { seed, faults: chosen, rate: faultRate });
}
