import type { Connection } from "../clients/database.ts";
import type { PlanEntry } from "../generators/plan.ts";
import { stream } from "../random/rng.ts";
import { runAttempt, type Ending } from "./attempt.ts";
import { backoffMs, triesAgain } from "./backoff.ts";
import { connected } from "./connected.ts";
import type { RunContext } from "./run-context.ts";

/** What a session tells while it works. */
interface SessionEvents {
  /** An entry of the plan is about to be tried for the first time. */
  readonly started: (entry: PlanEntry) => void;
  /** An attempt has ended. */
  readonly completed: (type: Ending["type"]) => void;
}

/**
 * One of the concurrent sessions of a free-running execution: it carries out its share of the plan,
 * one operation after another, each attempt as an operation of its own.
 */
export interface StressSession {
  /** Runs the entries in order until they are done or the signal stops it between two operations. */
  run(entries: readonly PlanEntry[], stop: AbortSignal): Promise<void>;
  /** Whether an operation has begun and not ended. */
  inFlight(): boolean;
  /** The session's id on the server while one is open. */
  serverId(): number | undefined;
  close(): Promise<void>;
}

/**
 * @param number from 0; the first process of this session
 * @param sessions how many there are: a process that ended in `info` is replaced by the one
 *   `sessions` further on, as in Jepsen
 */
export function stressSession(
  context: RunContext,
  number: number,
  sessions: number,
  on: SessionEvents,
): StressSession {
  const { clock, seed } = context;
  const thinking = stream(seed, `think/${number}`);
  const retrying = stream(seed, `retry/${number}`);
  let process = number;
  let connection: Connection | undefined;
  let inFlight = false;

  const think = (): Promise<void> => clock.sleep(thinking.float() * context.thinkMs);

  const perform = async (entry: PlanEntry, stop: AbortSignal): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      connection = await connected(context, connection, retrying, stop);
      const id = `${entry.id}.${attempt}`;
      inFlight = true;
      const ending = await runAttempt(context, connection, { process, planned: entry, id, think });
      inFlight = false;
      on.completed(ending.type);
      if (ending.type === "ok") return;
      if (ending.type === "info") {
        process += sessions;
        await connection.close();
        return;
      }
      const { retry } = context;
      if (retry === undefined || stop.aborted || !triesAgain(retry, ending.error.cause, attempt + 1)) return;
      await clock.sleep(backoffMs(retry, attempt + 1, retrying));
    }
  };

  return {
    run: async (entries, stop) => {
      for (const entry of entries) {
        const early = ((entry.atNanos ?? 0) - clock.nanos()) / 1e6;
        if (early > 0) await clock.sleep(early, stop).catch(() => undefined);
        if (stop.aborted) return;
        on.started(entry);
        await perform(entry, stop);
      }
    },
    inFlight: () => inFlight,
    serverId: () => (connection?.usable === true ? connection.sessionId : undefined),
    close: async () => {
      await connection?.close();
    },
  };
}
