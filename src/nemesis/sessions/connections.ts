import { DatabaseError } from "../../clients/database-error.ts";
import type { Connection } from "../../clients/database.ts";
import { everyDatabase, type Nemesis } from "../nemesis.ts";

/** A bound: no server of ours takes more. */
const mostConnections = 2_000;

/** All connections that the server has left are taken (`max_connections`): who loses his own gets no other one. */
export const exhaustConnections: Nemesis = {
  name: "exhaust-connections",
  summary: "ends a session of the run and takes every connection the server has left; then gives them back",
  databases: everyDatabase,
  needs: ["disruptive"],
  strike: async ({ database, sessions, until }, rng) => {
    const open = sessions();
    if (open.length > 0) await database.killAndWait(rng.pick(open).id);
    const taken: Connection[] = [];
    const undo = async (): Promise<void> => {
      await Promise.all(taken.splice(0).map((connection) => connection.close()));
    };
    try {
      while (taken.length < mostConnections && !until.aborted)
        taken.push(await database.connect("read-committed"));
    } catch (error) {
      if (!(error instanceof DatabaseError && error.fields.cause === "too-many-connections")) {
        await undo();
        throw error;
      }
    }
    return { did: `took ${taken.length} connections`, undo };
  },
};

/**
 * The application's pool is one connection short, and each operation wants two, one inside the other ("nested
 * acquire"): all may be held by those who wait for their second. They give up after a time, and nothing was sent.
 */
export const starvePool: Nemesis = {
  name: "starve-pool",
  summary:
    "operations take two connections of a pool that is too small for that, and give up waiting; then none",
  databases: everyDatabase,
  needs: [],
  strike: ({ pool, sessions }, rng) => {
    const size = Math.max(2, sessions().length - 1);
    const timeoutMs = 50 + rng.int(150);
    const end = pool.limit(size, 2, timeoutMs);
    return Promise.resolve({
      did: `${size} connections, two for each operation, waited for ${timeoutMs} ms`,
      undo: () => {
        end();
        return Promise.resolve();
      },
    });
  },
};
