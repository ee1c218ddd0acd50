import type { Moment } from "../arena.ts";
import { everyDatabase, type Nemesis } from "../nemesis.ts";

/** The server ends one session, whatever it is doing (`pg_terminate_backend`, `KILL CONNECTION`). */
export const killConnection: Nemesis = {
  name: "kill-connection",
  summary: "the server ends a random session of the run, whatever it is doing",
  databases: everyDatabase,
  needs: [],
  strike: async ({ database, sessions }, rng) => {
    const open = sessions();
    if (open.length === 0) return null;
    const { id, moment } = rng.pick(open);
    await database.kill(id);
    return { did: `killed (${moment})` };
  },
};

/** How long it is waited for a session to come to the moment. */
const patienceMs = 1_000;

/** The same for the next session that comes to a moment; the order reaches the server while it is in it, or just after. */
function killAt(moment: Moment, word: string, when: string): Nemesis {
  return {
    name: `kill-${word}`,
    summary: `the server ends the next session that ${when}`,
    databases: everyDatabase,
    needs: [],
    strike: async ({ database, untilMoment }) => {
      const session = await untilMoment(moment, patienceMs);
      if (session === undefined) return null;
      await database.kill(session.id);
      return { did: `killed (${moment})` };
    },
  };
}

/** A session ended by the server at each moment that makes a difference to what its client can know. */
export const killsAtMoments: readonly Nemesis[] = [
  killAt("idle", "idle", "is outside a transaction"),
  killAt("statement", "in-statement", "waits for the answer to a statement"),
  killAt("transaction", "in-transaction", "is between two statements of a transaction"),
  killAt("commit", "in-commit", "has sent COMMIT and not been answered"),
];
