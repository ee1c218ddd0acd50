import type { Plan, PlanEntry } from "../generators/plan.ts";
import { injectFaults } from "./inject-faults.ts";
import type { RunContext } from "./run-context.ts";
import { onStall } from "./on-stall.ts";
import { stressSession, type StressSession } from "./stress-session.ts";

/** How long operations in flight may take to end by themselves once the run is told to stop. */
const graceMs = 3_000;

/** What a free-running execution leaves behind. */
export interface StressResult {
  /** The first process number that nobody used. */
  readonly nextProcess: number;
  /** True when it was stopped before the plan was done. */
  readonly stopped: boolean;
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
  const tally = {
    planned: plan.sessions.reduce((sum, entries) => sum + entries.length, 0),
    ok: 0,
    fail: 0,
    info: 0,
  };
  const completed = (type: "ok" | "fail" | "info"): void => {
    tally[type]++;
    context.progress(tally);
  };
  const sessions = plan.sessions.map((_, number) =>
    stressSession(context, number, plan.sessions.length, completed),
  );
  const halt = new AbortController();
  const stopping = AbortSignal.any([stop, halt.signal]);
  const ended = new AbortController();
  const enforcement = enforceStop(context, sessions, stopping, ended.signal);

  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    // A session that was told to stop while it had no connection says so with the stop itself.
    if (error !== stopping.reason) failure ??= { error };
    halt.abort();
  };
  const unwatch = onStall(
    context.clock,
    {
      completions: () => tally.ok + tally.fail + tally.info,
      inFlight: () => sessions.some((session) => session.inFlight()),
    },
    fail,
  );
  const guarded = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      fail(error);
    }
  };

  const openSessions = (): readonly number[] => sessions.flatMap((session) => session.serverId() ?? []);
  const untilOver = AbortSignal.any([stopping, ended.signal]);
  const faults =
    context.faults === undefined
      ? Promise.resolve()
      : guarded(injectFaults(context, context.faults, openSessions, untilOver));

  for (const phase of phasesOf(plan)) {
    if (stopping.aborted) break;
    await Promise.all(
      sessions.map((session, number) => {
        const entries = (plan.sessions[number] ?? []).filter((entry) => phaseOf(entry) === phase);
        return guarded(session.run(entries, stopping));
      }),
    );
  }
  unwatch();
  ended.abort();
  await Promise.all([enforcement, faults]);
  await Promise.all(sessions.map((session) => session.close()));
  if (failure !== undefined) throw failure.error;
  return { nextProcess: (tally.info + 1) * plan.sessions.length, stopped: stopping.aborted };
}

/** Once told to stop, waits out the grace period and then ends whatever session is still at work. */
async function enforceStop(
  { clock, database }: RunContext,
  sessions: readonly StressSession[],
  stopping: AbortSignal,
  ended: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of [stopping, ended]) {
      if (signal.aborted) resolve();
      else
        signal.addEventListener(
          "abort",
          () => {
            resolve();
          },
          { once: true },
        );
    }
  });
  if (ended.aborted) return;
  try {
    await clock.sleep(graceMs, ended);
  } catch {
    return;
  }
  for (const session of sessions) {
    const id = session.serverId();
    if (id !== undefined) await database.kill(id).catch(() => undefined);
  }
}

function phaseOf(entry: PlanEntry): number {
  return entry.phase ?? 0;
}

function phasesOf(plan: Plan): readonly number[] {
  return [...new Set(plan.sessions.flatMap((entries) => entries.map(phaseOf)))].sort((a, b) => a - b);
}
