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
      on.completed(ending.type);
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
          throw lostForGood(error);
        }
        await clock.sleep(backoffMs(reconnectPolicy, attempt, rng));
      }
    }
  }
}

function lostForGood(error: DatabaseError | EnvironmentError): EnvironmentError {
  const full = error instanceof DatabaseError && error.fields.cause === "too-many-connections";
  return new EnvironmentError(
    full
      ? "the server has no connections left for so many sessions: lower --sessions"
      : `the server was lost and did not come back: ${error.message}`,
    { cause: error },
  );
}
