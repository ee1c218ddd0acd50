import { everyDatabase, type Nemesis } from "./nemesis.ts";

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
