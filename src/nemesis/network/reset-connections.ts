import { everyDatabase, type Nemesis } from "../nemesis.ts";
import { proxied } from "./proxied.ts";

/** Every connection is reset at once (RST on both sides), whatever it is doing. */
export const resetConnections: Nemesis = {
  name: "reset-connections",
  summary: "every connection of the run is reset at once, whatever it is doing",
  databases: everyDatabase,
  needs: ["proxy"],
  strike: (arena) => {
    const count = proxied(arena).reset();
    return Promise.resolve(count === 0 ? null : { did: `reset (${count})` });
  },
};
