import type { RunContext } from "./run-context.ts";
import type { StressSession } from "./stress-session.ts";

/** How long operations in flight may take to end by themselves, and again once their sessions are ended. */
const graceMs = 3_000;

/**
 * Waits for the stop; gives the sessions a grace period to end what they are doing, then ends those
 * that are still at work on the server, and after another one gives them up: a body that waits for
 * something other than the server cannot be ended.
 *
 * @param ended aborted when the sessions have ended by themselves
 * @returns whether some session was given up
 */
export async function enforceStop(
  { clock, database }: RunContext,
  sessions: readonly StressSession[],
  stopping: AbortSignal,
  ended: AbortSignal,
): Promise<boolean> {
  await firstAborted(stopping, ended);
  const quiet = async (): Promise<boolean> =>
    clock.sleep(graceMs, ended).then(
      () => false,
      () => true,
    );
  if (ended.aborted || (await quiet())) return false;
  for (const session of sessions) {
    const id = session.serverId();
    if (id !== undefined) await database.kill(id).catch(() => undefined);
  }
  return !(await quiet());
}

async function firstAborted(...signals: readonly AbortSignal[]): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      resolve();
    };
    for (const signal of signals) {
      if (signal.aborted) done();
      else signal.addEventListener("abort", done, { once: true });
    }
  });
}
