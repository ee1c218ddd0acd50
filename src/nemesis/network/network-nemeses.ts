import type { Nemesis } from "../nemesis.ts";
import { delayNetwork } from "./delay-network.ts";
import { halfOpen } from "./half-open.ts";
import { loseCommitReply, loseCommitRequest, silenceCommit } from "./lose-commit.ts";
import { resetConnections } from "./reset-connections.ts";
import { throttleNetwork } from "./throttle-network.ts";

/** Faults of the network between the sessions of a run and the server. */
export const networkNemeses: readonly Nemesis[] = [
  delayNetwork,
  throttleNetwork,
  resetConnections,
  halfOpen,
  loseCommitRequest,
  loseCommitReply,
  silenceCommit,
];
