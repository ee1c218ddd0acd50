import type { Nemesis } from "./nemesis.ts";

/** The server ends one session, whatever it is doing (`pg_terminate_backend`, `KILL CONNECTION`). */
export const killConnection: Nemesis = {
  name: "kill-connection",
  summary: "the server ends a random session of the run, idle, in a statement or during COMMIT",
  inject: async ({ database, sessions }, rng) => {
    if (sessions.length === 0) return null;
    await database.kill(rng.pick(sessions));
    return "killed";
  },
};
