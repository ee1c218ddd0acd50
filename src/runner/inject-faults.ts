import type { Nemesis } from "../nemesis/nemesis.ts";
import { stream } from "../random/rng.ts";
import type { RunContext } from "./run-context.ts";

/** Which faults to inject into a free-running execution, and how often. */
export interface FaultPlan {
  readonly nemeses: readonly Nemesis[];
  /** Mean time between two faults; each gap is drawn uniformly from half to one and a half of it. */
  readonly intervalMs: number;
}

/**
 * Injects faults until the signal is aborted, each recorded as operations of process `nemesis`:
 * an invocation when it begins and an `info` with what was done when it is over.
 *
 * @param sessions server ids of the sessions open at the moment
 */
export async function injectFaults(
  { seed, clock, database, recorder }: RunContext,
  { nemeses, intervalMs }: FaultPlan,
  sessions: () => readonly number[],
  stop: AbortSignal,
): Promise<void> {
  const rng = stream(seed, "nemesis");
  for (;;) {
    try {
      await clock.sleep(intervalMs * (0.5 + rng.float()), stop);
    } catch {
      return;
    }
    const nemesis = rng.pick(nemeses);
    const line = { process: "nemesis", f: nemesis.name };
    recorder.invoke({ ...line, time: clock.nanos(), value: null });
    const value = await nemesis.inject({ database, sessions: sessions() }, rng).catch(() => "failed");
    recorder.complete({ ...line, time: clock.nanos(), type: "info", value });
  }
}
