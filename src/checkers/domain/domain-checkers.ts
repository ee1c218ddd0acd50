import type { DomainChecker } from "./domain-checker.ts";
import { productions } from "./productions.ts";
import { versions } from "./versions.ts";

/** Every domain checker, by the name a workload's `checks` ask for it. */
export const domainCheckers: ReadonlyMap<string, DomainChecker> = new Map(
  [versions, productions].map((checker) => [checker.name, checker]),
);
