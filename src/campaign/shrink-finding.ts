import { rmSync } from "node:fs";

import { encodePlan } from "../generators/plan-json.ts";
import type { Plan } from "../generators/plan.ts";
import { createRunDirectory, runFiles, writeRunFile } from "../runner/run-directory.ts";
import { shrink, type Shrunk } from "../runner/shrink.ts";
import { movesStrategy } from "../scheduler/moves-strategy.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import type { Strategy } from "../scheduler/strategy.ts";
import type { Finding, Outcome, ShrunkFinding } from "./finding.ts";
import { writeOutcome } from "./write-outcome.ts";

/** How a finding is made small. */
export interface ShrinkFindingRequest {
  readonly found: Finding;
  /** The run directory of the smallest execution. */
  readonly directory: string;
  /** Executes a plan, with its history in {@link directory}. */
  readonly perform: (plan: Plan, strategy: Strategy) => Promise<Outcome>;
  readonly progress: (executions: number, plan: Plan) => void;
  readonly stop: AbortSignal;
}

/** How often a reproduction is executed whose outcome is not ours alone to decide. */
const rateExecutions = 10;

/**
 * The smallest execution that shows a finding, with its files in a directory of its own. Undefined, without such
 * a directory, when it was interrupted or what was found does not show again.
 *
 * @throws EnvironmentError, RecorderError, WorkloadError
 */
export async function shrinkFinding(request: ShrinkFindingRequest): Promise<ShrunkFinding | undefined> {
  const { found, directory, perform, progress, stop } = request;
  createRunDirectory(directory);
  const shows = ({ performed, verdict }: Outcome): boolean =>
    !performed.interrupted && verdict.observed.includes(found.anomaly);
  const shrunk = await shrink({
    found,
    stop,
    rehearse: async (plan, strategy) => {
      const outcome = await perform(plan, strategy);
      return shows(outcome) ? outcome.performed : undefined;
    },
    progress: (executions, { plan }) => {
      progress(executions, plan);
    },
  });
  const again = (): Promise<Outcome | undefined> => repeat(shrunk, request);
  const rate = await rateOf(shrunk, again, shows);
  for (let attempt = 0; attempt < rateExecutions && !stop.aborted; attempt++) {
    const outcome = await again();
    if (outcome === undefined || !shows(outcome)) continue;
    writeRunFile(directory, runFiles.plan, encodePlan(shrunk.plan));
    writeOutcome(directory, outcome);
    return { ...shrunk, ...outcome, directory, rate };
  }
  // What is in it is an execution that was cut short, or shows nothing.
  rmSync(directory, { recursive: true, force: true });
  return undefined;
}

/** How often its moves show it, where some of its steps are the server's to order. */
async function rateOf(
  { performed }: Shrunk,
  again: () => Promise<Outcome | undefined>,
  shows: (outcome: Outcome) => boolean,
): Promise<ShrunkFinding["rate"]> {
  if (!performed.schedule.steps.some(({ racy }) => racy)) return undefined;
  let count = 0;
  for (let i = 0; i < rateExecutions; i++) {
    const outcome = await again();
    if (outcome !== undefined && shows(outcome)) count++;
  }
  return { shows: count, of: rateExecutions };
}

/** The same moves once more; undefined when they cannot all be made this time, or there is no time left. */
async function repeat(
  { plan, performed }: Shrunk,
  { perform, stop }: ShrinkFindingRequest,
): Promise<Outcome | undefined> {
  if (stop.aborted) return undefined;
  try {
    return await perform(plan, movesStrategy(performed.schedule.steps.map(({ move }) => move)));
  } catch (error) {
    if (error instanceof ScheduleDivergence) return undefined;
    throw error;
  }
}
