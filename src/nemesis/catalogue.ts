import { killConnection } from "./kill-connection.ts";
import type { Nemesis } from "./nemesis.ts";

/** Every nemesis that can be named on the command line. */
export const nemeses: readonly Nemesis[] = [killConnection];
