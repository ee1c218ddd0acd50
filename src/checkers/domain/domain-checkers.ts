import { counter } from "./counter.ts";
import type { DomainChecker } from "./domain-checker.ts";
import { onCall } from "./on-call.ts";
import { productions } from "./productions.ts";
import { queue } from "./queue.ts";
import { versions } from "./versions.ts";

/** Every domain checker, by the name a workload's `checks` ask for it. */
export const domainCheckers: ReadonlyMap<string, DomainChecker> = new Map(
  [versions, productions, counter, onCall, queue].map((checker) => [checker.name, checker]),
);
