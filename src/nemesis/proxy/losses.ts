import type { Loss, Proxy } from "./proxy.ts";

/** A statement that is to be lost. */
export interface Ambush {
  readonly what: Loss;
  /** To be called when it has been lost. */
  readonly happened: () => void;
}

/** Who lies in wait for which statements. */
export interface Losses {
  readonly lose: Proxy["lose"];
  /** Whoever waits for this statement, on the connection with this port of the client; each is answered once. */
  readonly take: (sql: string, clientPort: number | undefined) => Ambush | undefined;
  /** From now on nobody waits. */
  readonly close: () => void;
}

interface Waiting extends Ambush {
  readonly matches: (sql: string, clientPort: number | undefined) => boolean;
  /** False when it has left already. */
  readonly leave: () => boolean;
  readonly giveUp: () => void;
}

/** With nobody in it. */
export function losses(): Losses {
  const waiting = new Set<Waiting>();
  return {
    lose: (what, statement, { clientPort, until }) =>
      new Promise((resolve) => {
        const leave = (): boolean => {
          until.removeEventListener("abort", giveUp);
          return waiting.delete(ambush);
        };
        const giveUp = (): void => {
          // Once it was taken the statement is on its way to be lost.
          if (leave()) resolve(false);
        };
        const ambush: Waiting = {
          what,
          matches: (sql, port) => (clientPort === undefined || clientPort === port) && statement(sql),
          happened: () => {
            resolve(true);
          },
          leave,
          giveUp,
        };
        waiting.add(ambush);
        if (until.aborted) giveUp();
        else until.addEventListener("abort", giveUp);
      }),
    take: (sql, port) => {
      for (const ambush of waiting) {
        if (!ambush.matches(sql, port)) continue;
        ambush.leave();
        return ambush;
      }
      return undefined;
    },
    close: () => {
      for (const { giveUp } of [...waiting]) giveUp();
    },
  };
}
