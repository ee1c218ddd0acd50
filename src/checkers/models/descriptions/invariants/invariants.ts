import { counterInvariants } from "./counter.ts";
import type { Invariants } from "./invariant.ts";
import { onCallInvariants } from "./on-call.ts";
import { productionsInvariants } from "./productions.ts";
import { queueInvariants } from "./queue.ts";
import { versionsInvariants } from "./versions.ts";

/** Of every domain checker; a file for each. */
export const invariants: Invariants = {
  ...versionsInvariants,
  ...productionsInvariants,
  ...counterInvariants,
  ...onCallInvariants,
  ...queueInvariants,
};
