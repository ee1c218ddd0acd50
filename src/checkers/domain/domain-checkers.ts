import { counter } from "./counter.ts";
import type { DomainChecker } from "./domain-checker.ts";
import { elements } from "./elements.ts";
import { fractured } from "./fractured.ts";
import { monotonic } from "./monotonic.ts";
import { onCall } from "./on-call.ts";
import { productions } from "./productions.ts";
import { queue } from "./queue.ts";
import { uniqueIds } from "./unique-ids.ts";
import { versions } from "./versions.ts";

/** Every domain checker, by the name a workload's `checks` ask for it. */
export const domainCheckers: ReadonlyMap<string, DomainChecker> = new Map(
  [versions, productions, counter, onCall, queue, fractured, monotonic, elements, uniqueIds].map(
    (checker) => [checker.name, checker],
  ),
);
