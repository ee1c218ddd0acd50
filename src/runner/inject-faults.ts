import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import type { Arena } from "../nemesis/arena.ts";
import type { Strike } from "../nemesis/nemesis.ts";
import { stream } from "../random/rng.ts";
import type { FaultPlan } from "./fault-plan.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Injects faults, one after another, until the run ends, each recorded as an operation of process `nemesis`: its
 * invocation when it begins, and its completion (`info`, with what was done) when it is over, which for a fault
 * that lasts is when it has been undone. Whatever happens, none is left when this returns.
 *
 * Faults, gaps and durations are drawn from a generator of each strike's own, so that the same seed draws the same
 * ones whatever the machine does.
 *
 * @throws EnvironmentError when a fault could not be undone
 */
export async function injectFaults(
  { seed, clock, recorder }: Pick<RunContext, "seed" | "clock" | "recorder">,
  { nemeses, intervalMs, durationMs }: FaultPlan,
  arena: Arena,
): Promise<void> {
  const { until } = arena;
  for (let number = 0; ; number++) {
    const rng = stream(seed, `nemesis/${number}`);
    const about = (meanMs: number): number => meanMs * (0.5 + rng.float());
    const [gapMs, lastsMs, nemesis] = [about(intervalMs), about(durationMs), rng.pick(nemeses)];
    if (!(await slept(clock, gapMs, until))) return;
    const line = { process: "nemesis", f: nemesis.name };
    recorder.invoke({ ...line, time: clock.nanos(), value: null });
    let strike: Strike | null | undefined;
    try {
      strike = await nemesis.strike(arena, rng);
      if (strike?.undo !== undefined) await slept(clock, lastsMs, until);
    } catch (error) {
      if (!(error instanceof DatabaseError || error instanceof EnvironmentError)) throw error;
    } finally {
      await undone(nemesis.name, strike);
    }
    const value = strike === undefined ? "failed" : (strike?.did ?? null);
    recorder.complete({ ...line, time: clock.nanos(), type: "info", value });
  }
}

/** False when the run ended meanwhile. */
async function slept(clock: Arena["clock"], ms: number, until: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, until).then(
    () => true,
    () => false,
  );
}

async function undone(name: string, strike: Strike | null | undefined): Promise<void> {
  try {
    await strike?.undo?.();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`the fault ${name} could not be undone: ${why}`, { cause: error });
  }
}
