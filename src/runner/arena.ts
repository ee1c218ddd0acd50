import type { Server } from "../clients/servers/server.ts";
import type { Arena, Moment, OpenSession } from "../nemesis/arena.ts";
import { pool } from "../nemesis/pool.ts";
import type { Proxy } from "../nemesis/proxy/proxy.ts";
import { wardrobe } from "../nemesis/wardrobe.ts";
import type { RunContext } from "./run-context.ts";

/** What faults may act on beside the sessions. */
export interface FaultMeans {
  /** The server, if it is ours. */
  readonly server: Server | null;
  /** The proxy that the sessions come through, if there is one. */
  readonly proxy: Proxy | null;
}

/** An {@link Arena} whose sessions tell of themselves. */
export interface OpenArena extends Arena {
  /** To be called by a session that comes to another moment. */
  readonly moved: () => void;
}

/** @param sessions those that are open now */
export function openArena(
  { database, clock }: Pick<RunContext, "database" | "clock">,
  { server, proxy }: FaultMeans,
  sessions: () => readonly OpenSession[],
  until: AbortSignal,
): OpenArena {
  const listeners = new Set<() => void>();
  const untilMoment = (wanted: Moment, timeoutMs: number): Promise<OpenSession | undefined> =>
    new Promise((resolve) => {
      const done = new AbortController();
      const answer = (session: OpenSession | undefined): void => {
        listeners.delete(look);
        done.abort();
        resolve(session);
      };
      const look = (): void => {
        const found = sessions().find(({ moment }) => moment === wanted);
        if (found !== undefined) answer(found);
      };
      listeners.add(look);
      clock.sleep(timeoutMs, AbortSignal.any([until, done.signal])).then(
        () => {
          answer(undefined);
        },
        () => {
          answer(undefined);
        },
      );
      look();
    });
  return {
    database,
    clock,
    sessions,
    untilMoment,
    wardrobe: wardrobe(),
    pool: pool(clock),
    pauses: { extraMs: 0 },
    server,
    proxy,
    until,
    moved: () => {
      for (const look of [...listeners]) look();
    },
  };
}
