import type { Arena } from "../arena.ts";
import { everyDatabase, type Nemesis, type Strike } from "../nemesis.ts";
import { backInService, ownServer, untilEnded } from "./in-service.ts";

/** Every process of the server is killed (SIGKILL), PostgreSQL's backends included, whatever they are doing. */
export const killServer: Nemesis = {
  name: "kill-server",
  summary: "the server is killed (SIGKILL), and started again on the same data",
  databases: everyDatabase,
  needs: ["own-server"],
  strike: (arena) => killed(arena, "killed"),
};

/** How long to wait for a COMMIT. */
const commitMs = 1_000;

/**
 * The same at the moment at which a session has sent COMMIT and has no answer: its transaction is committed or not,
 * and so are those of others that commit at that moment. A server that waits for no disk may have answered before
 * the signal arrives.
 */
export const killServerAtCommit: Nemesis = {
  name: "kill-server-at-commit",
  summary: "the server is killed (SIGKILL) while a COMMIT is under way, and started again on the same data",
  databases: everyDatabase,
  needs: ["own-server"],
  strike: async (arena) => {
    const session = await arena.untilMoment("commit", commitMs);
    return session === undefined ? null : killed(arena, "killed (commit)");
  },
};

async function killed(arena: Arena, did: string): Promise<Strike> {
  const server = ownServer(arena);
  const { ended } = server;
  server.kill();
  await untilEnded(server, ended, arena.clock);
  return { did, undo: () => backInService(server, arena) };
}
