import { bank } from "./bank.ts";
import { comparison } from "./comparison.ts";
import { counter } from "./counter.ts";
import { deadlocks } from "./deadlocks.ts";
import { deployments } from "./deployments.ts";
import type { DomainChecker } from "./domain-checker.ts";
import { durability } from "./durability.ts";
import { elements } from "./elements.ts";
import { fractured } from "./fractured.ts";
import { metadata } from "./metadata.ts";
import { metrics } from "./metrics.ts";
import { monotonic } from "./monotonic.ts";
import { onCall } from "./on-call.ts";
import { productions } from "./productions.ts";
import { queue } from "./queue.ts";
import { quotas } from "./quotas.ts";
import { sales } from "./sales.ts";
import { bookings, names, vouchers } from "./taken-once.ts";
import { uniqueIds } from "./unique-ids.ts";
import { versions } from "./versions.ts";

/** Every domain checker, by the name a workload's `checks` ask for it. */
export const domainCheckers: ReadonlyMap<string, DomainChecker> = new Map(
  [
    versions,
    productions,
    counter,
    onCall,
    deadlocks,
    quotas,
    bank,
    bookings,
    vouchers,
    sales,
    names,
    metadata,
    metrics,
    comparison,
    deployments,
    queue,
    fractured,
    monotonic,
    elements,
    uniqueIds,
    durability,
  ].map((checker) => [checker.name, checker]),
);
