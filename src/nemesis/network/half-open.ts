import { everyDatabase, type Nemesis } from "../nemesis.ts";
import { proxied } from "./proxied.ts";

/**
 * Half-open connections: what either side sends is swallowed, and neither is told, not even that the other one has
 * gone. Clients give up when their time for an answer is over; the server's sessions keep their locks until the end.
 * Then every connection that has lost something is cut.
 */
export const halfOpen: Nemesis = {
  name: "half-open",
  summary:
    "nothing arrives between clients and server and nobody is told, for a while; then what hangs is cut",
  databases: everyDatabase,
  needs: ["proxy", "answer-timeout"],
  strike: (arena) => {
    const proxy = proxied(arena);
    proxy.conduct({ silent: true });
    return Promise.resolve({
      did: "silenced",
      undo: () => {
        proxy.heal();
        return Promise.resolve();
      },
    });
  },
};
