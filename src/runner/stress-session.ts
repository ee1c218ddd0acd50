import type { Connection } from "../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import type { PlanEntry } from "../generators/plan.ts";
import { stream, type Rng } from "../random/rng.ts";
import { runAttempt, type Ending } from "./attempt.ts";
import { backoffMs, triesAgain } from "./backoff.ts";
import type { RunContext } from "./run-context.ts";

/** How long a session tries to reach the server again before the run is given up. */
const reconnectAttempts = 12;
const reconnectPolicy = { baseMs: 20, maxMs: 1_000 };

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
 * @param completed called after every completion
 */
export function stressSession(
  context: RunContext,
  number: number,
  sessions: number,
  completed: (type: Ending["type"]) => void,
): StressSession {
  const { clock, database, seed } = context;
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
      completed(ending.type);
      if (ending.type === "ok") return;
      if (ending.type === "info") {
        process += sessions;
        await connection.close();
        return;
      }
      if (stop.aborted || !triesAgain(context.retry, ending.error.cause, attempt + 1)) return;
      await clock.sleep(backoffMs(context.retry ?? reconnectPolicy, attempt + 1, retrying));
    }
  };

  return {
    run: async (entries, stop) => {
      for (const entry of entries) {
        const early = ((entry.atNanos ?? 0) - clock.nanos()) / 1e6;
        if (early > 0) await clock.sleep(early, stop).catch(() => undefined);
        if (stop.aborted) return;
        await perform(entry, stop);
      }
    },
    inFlight: () => inFlight,
    serverId: () => (connection?.usable === true ? connection.sessionId : undefined),
    close: async () => {
      await connection?.close();
    },
  };

  async function connected(
    { isolation }: RunContext,
    current: Connection | undefined,
    rng: Rng,
    stop: AbortSignal,
  ): Promise<Connection> {
    if (current?.usable === true) return current;
    await current?.close();
    for (let attempt = 1; ; attempt++) {
      try {
        return await database.connect(isolation);
      } catch (error) {
        const refused = error instanceof DatabaseError || error instanceof EnvironmentError;
        if (!refused) throw error;
        stop.throwIfAborted();
        if (attempt >= reconnectAttempts) {
          throw new EnvironmentError(`the server was lost and did not come back: ${error.message}`, {
            cause: error,
          });
        }
        await clock.sleep(backoffMs(reconnectPolicy, attempt, rng));
      }
    }
  }
}
