import { counterInvariants } from "./counter.ts";
import { elementsInvariants } from "./elements.ts";
import { fracturedInvariants } from "./fractured.ts";
import type { Invariants } from "./invariant.ts";
import { monotonicInvariants } from "./monotonic.ts";
import { onCallInvariants } from "./on-call.ts";
import { productionsInvariants } from "./productions.ts";
import { queueInvariants } from "./queue.ts";
import { uniqueIdsInvariants } from "./unique-ids.ts";
import { versionsInvariants } from "./versions.ts";

/** Of every domain checker; a file for each. */
export const invariants: Invariants = {
  ...versionsInvariants,
  ...productionsInvariants,
  ...counterInvariants,
  ...onCallInvariants,
  ...queueInvariants,
  ...fracturedInvariants,
  ...monotonicInvariants,
  ...elementsInvariants,
  ...uniqueIdsInvariants,
};
