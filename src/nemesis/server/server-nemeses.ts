import type { Nemesis } from "../nemesis.ts";
import { fillDisk } from "./fill-disk.ts";
import { killServer, killServerAtCommit } from "./kill-server.ts";
import { pauseServer } from "./pause-server.ts";
import { shutdownServer, shutdownServerImmediate } from "./shutdown-server.ts";

/** Faults of the whole server, which has to be ours. */
export const serverNemeses: readonly Nemesis[] = [
  killServer,
  killServerAtCommit,
  shutdownServer,
  shutdownServerImmediate,
  pauseServer,
  fillDisk,
];
