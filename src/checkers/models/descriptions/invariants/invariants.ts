import { bankInvariants } from "./bank.ts";
import { comparisonInvariants } from "./comparison.ts";
import { counterInvariants } from "./counter.ts";
import { deadlocksInvariants } from "./deadlocks.ts";
import { deploymentsInvariants } from "./deployments.ts";
import type { Invariants } from "./invariant.ts";
import { metadataInvariants } from "./metadata.ts";
import { metricsInvariants } from "./metrics.ts";
import { onCallInvariants } from "./on-call.ts";
import { productionsInvariants } from "./productions.ts";
import { quotasInvariants } from "./quotas.ts";
import { salesInvariants } from "./sales.ts";
import { takenOnceInvariants } from "./taken-once.ts";
import { versionsInvariants } from "./versions.ts";

/** Of every domain checker; a file for each. */
export const invariants: Invariants = {
  ...versionsInvariants,
  ...productionsInvariants,
  ...counterInvariants,
  ...onCallInvariants,
  ...deadlocksInvariants,
  ...quotasInvariants,
  ...bankInvariants,
  ...takenOnceInvariants,
  ...salesInvariants,
  ...metadataInvariants,
  ...metricsInvariants,
  ...comparisonInvariants,
  ...deploymentsInvariants,
};
