import { bankInvariants } from "./bank.ts";
import { comparisonInvariants } from "./comparison.ts";
import { counterInvariants } from "./counter.ts";
import { deadlocksInvariants } from "./deadlocks.ts";
import { deploymentsInvariants } from "./deployments.ts";
import { durabilityInvariants } from "./durability.ts";
import { elementsInvariants } from "./elements.ts";
import { fracturedInvariants } from "./fractured.ts";
import type { Invariants } from "./invariant.ts";
import { metadataInvariants } from "./metadata.ts";
import { metricsInvariants } from "./metrics.ts";
import { monotonicInvariants } from "./monotonic.ts";
import { onCallInvariants } from "./on-call.ts";
import { productionsInvariants } from "./productions.ts";
import { queueInvariants } from "./queue.ts";
import { quotasInvariants } from "./quotas.ts";
import { salesInvariants } from "./sales.ts";
import { takenOnceInvariants } from "./taken-once.ts";
import { uniqueIdsInvariants } from "./unique-ids.ts";
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
  ...queueInvariants,
  ...fracturedInvariants,
  ...monotonicInvariants,
  ...elementsInvariants,
  ...uniqueIdsInvariants,
  ...durabilityInvariants,
};
