import type { Nemesis } from "./nemesis.ts";
import { networkNemeses } from "./network/network-nemeses.ts";
import { serverNemeses } from "./server/server-nemeses.ts";
import { sessionNemeses } from "./sessions/session-nemeses.ts";

/** Every nemesis that can be named on the command line. */
export const nemeses: readonly Nemesis[] = [...sessionNemeses, ...serverNemeses, ...networkNemeses];
