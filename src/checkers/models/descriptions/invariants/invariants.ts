import { comparisonInvariants } from "./comparison.ts";
import { counterInvariants } from "./counter.ts";
import { deploymentsInvariants } from "./deployments.ts";
import type { Invariants } from "./invariant.ts";
import { metricsInvariants } from "./metrics.ts";
import { onCallInvariants } from "./on-call.ts";
import { productionsInvariants } from "./productions.ts";
import { versionsInvariants } from "./versions.ts";

/** Of every domain checker; a file for each. */
export const invariants: Invariants = {
  ...versionsInvariants,
  ...productionsInvariants,
  ...counterInvariants,
  ...onCallInvariants,
  ...metricsInvariants,
  ...comparisonInvariants,
  ...deploymentsInvariants,
};
