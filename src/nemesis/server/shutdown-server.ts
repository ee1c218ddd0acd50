import type { Server } from "../../clients/servers/server.ts";
import type { Arena } from "../arena.ts";
import { everyDatabase, type Nemesis, type Strike } from "../nemesis.ts";
import { backInService, ownServer, untilEnded } from "./in-service.ts";

/**
 * The server is told to end all sessions and shut down: PostgreSQL's fast shutdown (SIGINT), MySQL's and MariaDB's
 * normal one (SIGTERM). Transactions that are open are rolled back; a COMMIT under way may be answered or not.
 */
export const shutdownServer: Nemesis = {
  name: "shutdown-server",
  summary: "the server is shut down (fast: sessions are ended), and started again",
  databases: everyDatabase,
  needs: ["own-server"],
  strike: (arena) =>
    toldToEnd(arena, ({ kind }) => (kind === "postgres" ? "SIGINT" : "SIGTERM"), "shut down"),
};

/** PostgreSQL's immediate shutdown (SIGQUIT): every process ends at once, without a checkpoint, and recovers at the next start. */
export const shutdownServerImmediate: Nemesis = {
  name: "shutdown-server-immediate",
  summary: "PostgreSQL is shut down in mode immediate (SIGQUIT), and recovers when it is started again",
  databases: ["postgres"],
  needs: ["own-server"],
  strike: (arena) => toldToEnd(arena, () => "SIGQUIT", "shut down at once"),
};

async function toldToEnd(
  arena: Arena,
  signal: (server: Server) => NodeJS.Signals,
  did: string,
): Promise<Strike> {
  const server = ownServer(arena);
  const { ended } = server;
  server.signal(signal(server));
  return {
    did,
    undo: async () => {
      // One that was paused meanwhile would never end.
      server.resume();
      await untilEnded(server, ended, arena.clock);
      await backInService(server, arena);
    },
  };
}
