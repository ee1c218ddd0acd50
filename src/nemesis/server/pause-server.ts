import { everyDatabase, type Nemesis } from "../nemesis.ts";
import { backInService, ownServer } from "./in-service.ts";

/**
 * Every process of the server is stopped by the operating system, and goes on later: as if the machine had been
 * asleep. Connections stay open, and whatever was under way is answered late.
 */
export const pauseServer: Nemesis = {
  name: "pause-server",
  summary: "all processes of the server are stopped (SIGSTOP), and go on later (SIGCONT)",
  databases: everyDatabase,
  needs: ["own-server"],
  strike: async (arena) => {
    const server = ownServer(arena);
    server.pause();
    return {
      did: "paused",
      undo: async () => {
        server.resume();
        await backInService(server, arena);
      },
    };
  },
};
