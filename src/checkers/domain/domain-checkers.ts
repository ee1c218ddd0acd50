import { comparison } from "./comparison.ts";
import { counter } from "./counter.ts";
import { deployments } from "./deployments.ts";
import type { DomainChecker } from "./domain-checker.ts";
import { metrics } from "./metrics.ts";
import { onCall } from "./on-call.ts";
import { productions } from "./productions.ts";
import { versions } from "./versions.ts";

/** Every domain checker, by the name a workload's `checks` ask for it. */
export const domainCheckers: ReadonlyMap<string, DomainChecker> = new Map(
  [versions, productions, counter, onCall, metrics, comparison, deployments].map((checker) => [
    checker.name,
    checker,
  ]),
);
