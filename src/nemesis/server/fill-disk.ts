import { everyDatabase, type Nemesis } from "../nemesis.ts";
import { backInService, ownServer } from "./in-service.ts";

/**
 * The server's disk is full to the last byte, and later is not.
 *
 * PostgreSQL 18.4 refuses whatever would extend a file of data, with 53100, and commits the rest. Its log goes on in
 * the segment of 16 MB that it has; when that is full the server panics, fails to recover for want of another
 * segment, and ends. Nothing of that is lost once there is room again: it is started again and recovers.
 *
 * MariaDB 10.11 has allocated its log beforehand. It refuses whatever would extend a tablespace, the one of undo
 * included, with 1114; the statement is undone and the transaction goes on. It neither waits nor ends.
 */
export const fillDisk: Nemesis = {
  name: "fill-disk",
  summary: "the server's disk is full, until room is made again",
  databases: everyDatabase,
  needs: ["own-server", "small-disk"],
  strike: async (arena) => {
    const server = ownServer(arena);
    const { disk } = server;
    if (disk === null) return null;
    await disk.fill();
    return {
      did: "filled",
      undo: async () => {
        await disk.free();
        await backInService(server, arena);
      },
    };
  },
};
