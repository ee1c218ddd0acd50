import type { Wire } from "./wire.ts";

/** The control session: calls come one after another, and a lost connection is replaced at the next call. */
export interface Control {
  /** Runs a task alone on the session. */
  run<T>(task: (wire: Wire) => Promise<T>): Promise<T>;
  /** The same for a task that does no harm when it is done twice: if the connection is lost, it is. */
  ask<T>(task: (wire: Wire) => Promise<T>): Promise<T>;
  /** Ends the session; later calls reject. */
  end(): Promise<void>;
}

/**
 * Keeps one session for our own questions.
 *
 * @param first the session that is there already
 * @param reopen a new one, ready to work: in the namespace and holding its lock
 */
export function keepControl(first: Wire, reopen: () => Promise<Wire>): Control {
  let wire = first;
  let ended = false;
  let last: Promise<unknown> = Promise.resolve();

  const attempt = async <T>(task: (wire: Wire) => Promise<T>): Promise<T> => {
    if (ended) throw new Error("The database was closed.");
    if (wire.lost !== undefined) wire = await reopen();
    return task(wire);
  };

  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    run: (task) => inTurn(() => attempt(task)),
    ask: (task) =>
      inTurn(async () => {
        try {
          return await attempt(task);
        } catch (error) {
          if (wire.lost === undefined || ended) throw error;
          return attempt(task);
        }
      }),
    end: async () => {
      await last;
      ended = true;
      await wire.end();
    },
  };
}
