import { bankInvariants } from "./bank.ts";
import { counterInvariants } from "./counter.ts";
import type { Invariants } from "./invariant.ts";
import { onCallInvariants } from "./on-call.ts";
import { productionsInvariants } from "./productions.ts";
import { salesInvariants } from "./sales.ts";
import { takenOnceInvariants } from "./taken-once.ts";
import { versionsInvariants } from "./versions.ts";

/** Of every domain checker; a file for each, or for several that have one core. */
export const invariants: Invariants = {
  ...versionsInvariants,
  ...productionsInvariants,
  ...counterInvariants,
  ...onCallInvariants,
  ...bankInvariants,
  ...takenOnceInvariants,
  ...salesInvariants,
};
