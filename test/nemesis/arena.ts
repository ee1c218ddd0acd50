import type { Connection, Database } from "../../src/clients/database.ts";
import { openArena, type FaultMeans, type OpenArena } from "../../src/runner/arena.ts";
import { watchedConnection, type WatchedConnection } from "../../src/runner/watched-connection.ts";
import { clock, createAccounts, withDatabase, withSessions } from "../support/databases.ts";
import type { SharedServer } from "../support/servers.ts";

/** An arena with two open sessions, and the table `account` with two rows. */
export interface Scene {
  readonly database: Database;
  readonly arena: OpenArena;
  readonly a: WatchedConnection;
  readonly b: WatchedConnection;
  /** Ends the run, as far as faults see. */
  readonly end: () => void;
}

/** Sets the scene on a server for the length of the body. */
export function onScene<T>(
  server: SharedServer,
  body: (scene: Scene) => Promise<T>,
  means: FaultMeans = { server: null, proxy: null },
): Promise<T> {
  return withDatabase(server, async (database) => {
    await createAccounts(database);
    return withSessions(database, "read-committed", 2, async (first, second) => {
      const run = new AbortController();
      const open: WatchedConnection[] = [];
      const arena = openArena(
        { database, clock },
        means,
        () => open.filter(({ usable }) => usable).map(({ sessionId, moment }) => ({ id: sessionId, moment })),
        run.signal,
      );
      const watch = (connection: Connection): WatchedConnection => {
        const watched = watchedConnection(connection, arena.moved);
        open.push(watched);
        return watched;
      };
      const end = (): void => {
        run.abort();
      };
      try {
        return await body({ database, arena, a: watch(first), b: watch(second), end });
      } finally {
        end();
      }
    });
  });
}
