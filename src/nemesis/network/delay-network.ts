import { everyDatabase, type Nemesis } from "../nemesis.ts";
import { between, proxied } from "./proxied.ts";

/** A network that is far away and restless: 5 to 50 ms each way, and up to as much again, drawn for each piece. */
export const delayNetwork: Nemesis = {
  name: "delay-network",
  summary: "everything between clients and server arrives 5 to 100 ms late, for a while",
  databases: everyDatabase,
  needs: ["proxy"],
  strike: (arena, rng) => {
    const proxy = proxied(arena);
    const delayMs = between(rng, 5, 50);
    const jitterMs = between(rng, 0, delayMs);
    proxy.conduct({ delayMs, jitterMs });
    return Promise.resolve({
      did: `delayed by ${delayMs} to ${delayMs + jitterMs} ms`,
      undo: () => {
        proxy.conduct({ delayMs: 0, jitterMs: 0 });
        return Promise.resolve();
      },
    });
  },
};
