import { everyDatabase, type Nemesis } from "../nemesis.ts";
import { between, proxied } from "./proxied.ts";

/** A narrow line: 2,000 to 20,000 bytes a second, each way and connection. */
export const throttleNetwork: Nemesis = {
  name: "throttle-network",
  summary: "each connection carries only 2,000 to 20,000 bytes a second each way, for a while",
  databases: everyDatabase,
  needs: ["proxy"],
  strike: (arena, rng) => {
    const proxy = proxied(arena);
    const bytesPerSecond = between(rng, 2_000, 20_000);
    proxy.conduct({ bytesPerSecond });
    return Promise.resolve({
      did: `limited to ${bytesPerSecond} bytes a second`,
      undo: () => {
        proxy.conduct({ bytesPerSecond: Infinity });
        return Promise.resolve();
      },
    });
  },
};
