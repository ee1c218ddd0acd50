import { setMaxListeners } from "node:events";

import type { Plan, PlanEntry } from "../generators/plan.ts";
import { WorkloadError } from "../workload/define-workload.ts";
import { enforceStop } from "./enforce-stop.ts";
import { openArena } from "./arena.ts";
import { injectFaults } from "./inject-faults.ts";
import { onStall } from "./on-stall.ts";
import type { RunContext } from "./run-context.ts";
import { stressSession, type StressSession } from "./stress-session.ts";

/** What a free-running execution leaves behind. */
export interface StressResult {
  /** The first process number that nobody used. */
  readonly nextProcess: number;
  /** The entries of the plan that were begun, in no particular order. */
  readonly started: readonly PlanEntry[];
}

/**
 * Free-running execution (`--mode stress`): every session works through its share of the plan at
 * its own pace, as fast as the server answers, as Jepsen does. Phases of the plan are barriers.
 *
 * When `stop` is aborted no further operation starts; what is still running after a grace period
 * has its session ended on the server, and is recorded as what that proves.
 *
 * @throws the first error that no operation could absorb (server lost for good, disk full, a bug in
 * the workload), after every session has ended
 */
export async function runStress(context: RunContext, plan: Plan, stop: AbortSignal): Promise<StressResult> {
  const planned = plan.sessions.reduce((sum, entries) => sum + entries.length, 0);
  const tally = { planned, ok: 0, fail: 0, info: 0 };
  const started: PlanEntry[] = [];
  const halt = new AbortController();
  const ended = new AbortController();
  const stopping = AbortSignal.any([stop, halt.signal]);
  // Each session may sleep on it, and Node.js takes more than ten listeners for a leak.
  setMaxListeners(0, stopping);
  const arena =
    context.faults === undefined
      ? undefined
      : openArena(
          context,
          context.means,
          () => sessions.flatMap((session) => session.open() ?? []),
          AbortSignal.any([stopping, ended.signal]),
        );
  const sessions: readonly StressSession[] = plan.sessions.map((_, number) =>
    stressSession({ ...context, arena }, number, plan.sessions.length, {
      started: (entry) => started.push(entry),
      completed: (type) => {
        tally[type]++;
        context.progress(tally);
      },
    }),
  );

  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    // A session that was told to stop while it had no connection says so with the stop itself.
    if (error !== stopping.reason) failures.push(error);
    halt.abort();
  };
  const faults =
    context.faults === undefined || arena === undefined
      ? Promise.resolve()
      : injectFaults(context, context.faults, arena).catch(fail);
  const completions = (): number => tally.ok + tally.fail + tally.info;
  const inFlight = (): boolean => sessions.some((session) => session.inFlight());
  const unwatch = onStall(context.clock, { completions, inFlight }, fail);
  const enforced = enforceStop(context, sessions, stopping, ended.signal);

  await Promise.race([runPhases(sessions, plan, stopping, fail), enforced]);
  unwatch();
  ended.abort();
  await faults;
  if (await enforced) failures.push(neverEnded());
  await Promise.all(sessions.map((session) => session.close()));
  if (failures.length > 0) throw failures[0];
  return { nextProcess: (tally.info + 1) * plan.sessions.length, started };
}

async function runPhases(
  sessions: readonly StressSession[],
  plan: Plan,
  stopping: AbortSignal,
  fail: (error: unknown) => void,
): Promise<void> {
  for (const phase of phasesOf(plan)) {
    if (stopping.aborted) return;
    await Promise.all(
      sessions.map((session, number) => {
        const entries = (plan.sessions[number] ?? []).filter((entry) => phaseOf(entry) === phase);
        return session.run(entries, stopping).catch(fail);
      }),
    );
  }
}

function neverEnded(): WorkloadError {
  return new WorkloadError(
    "an operation of the workload neither ended nor waited for the server: does its body await something that never comes?",
  );
}

function phaseOf(entry: PlanEntry): number {
  return entry.phase ?? 0;
}

function phasesOf(plan: Plan): readonly number[] {
  return [...new Set(plan.sessions.flatMap((entries) => entries.map(phaseOf)))].sort((a, b) => a - b);
}
