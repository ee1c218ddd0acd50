import type { PlanEntry } from "../generators/plan.ts";
import { stream } from "../random/rng.ts";
import { recordRefusal, runAttempt, type Ending } from "./attempt.ts";
import { backoffMs, triesAgain } from "./backoff.ts";
import { connected } from "./connected.ts";
import type { OpenArena } from "./arena.ts";
import type { OpenSession } from "../nemesis/arena.ts";
import type { RunContext } from "./run-context.ts";
import { watchedConnection, type WatchedConnection } from "./watched-connection.ts";

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
  /** The session as faults see it, while one is open. */
  open(): OpenSession | undefined;
  close(): Promise<void>;
}

/**
 * @param number from 0; the first process of this session
 * @param sessions how many there are: a process that ended in `info` is replaced by the one
 *   `sessions` further on, as in Jepsen
 */
export function stressSession(
  context: RunContext & { readonly arena: OpenArena | undefined },
  number: number,
  sessions: number,
  on: SessionEvents,
): StressSession {
  const { clock, seed, arena } = context;
  const thinking = stream(seed, `think/${number}`);
  const retrying = stream(seed, `retry/${number}`);
  let process = number;
  let connection: WatchedConnection | undefined;
  let inFlight = false;

  const think = (): Promise<void> =>
    clock.sleep(thinking.float() * context.thinkMs + (arena?.pauses.extraMs ?? 0));

  /** A session in the state in which the next operation is to find it. */
  const ready = async (stop: AbortSignal): Promise<WatchedConnection> => {
    for (;;) {
      const current = await connected(context, connection, retrying, stop);
      if (current !== connection) connection = watchedConnection(current, arena?.moved ?? nobody);
      await arena?.wardrobe.prepare(connection);
      if (connection.usable) return connection;
    }
  };

  const tryOnce = async (
    attempt: Omit<Parameters<typeof runAttempt>[2], "process">,
    stop: AbortSignal,
  ): Promise<Ending> => {
    const current = await ready(stop);
    const giveBack = arena === undefined ? nobody : await arena.pool.acquire();
    if (giveBack === undefined) return recordRefusal(context, { process, ...attempt }, "pool-timeout");
    try {
      return await runAttempt(context, current, { process, ...attempt });
    } finally {
      giveBack();
    }
  };

  const perform = async (entry: PlanEntry, stop: AbortSignal): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      inFlight = true;
      const ending = await tryOnce({ planned: entry, id: `${entry.id}.${attempt}`, think }, stop).finally(
        () => {
          inFlight = false;
        },
      );
      on.completed(ending.type);
      if (ending.type === "ok") return;
      if (ending.type === "info") {
        process += sessions;
        await connection?.close();
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
    open: () =>
      connection?.usable === true ? { id: connection.sessionId, moment: connection.moment } : undefined,
    close: async () => {
      await connection?.close();
    },
  };
}

function nobody(): void {
  // Nobody is to be told, nothing to be given back.
}
