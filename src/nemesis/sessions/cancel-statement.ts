import { everyDatabase, type Nemesis } from "../nemesis.ts";

/** How long it is waited for a session that carries out a statement. */
const patienceMs = 1_000;

/**
 * The server breaks off the next statement of some session (`pg_cancel_backend`, `KILL QUERY`); what comes after it is
 * broken off where the order arrives late, COMMIT included.
 */
export const cancelStatement: Nemesis = {
  name: "cancel-statement",
  summary: "the server breaks off a statement of a random session",
  databases: everyDatabase,
  needs: [],
  strike: async ({ database, untilMoment }) => {
    const session = await untilMoment("statement", patienceMs);
    if (session === undefined) return null;
    await database.cancel(session.id);
    return { did: "cancelled" };
  },
};
