import { domainCheckers } from "../../domain/domain-checkers.ts";
import type { AnomalyDescription, Descriptions } from "./description.ts";
import type { Invariant } from "./invariants/invariant.ts";
import { invariants } from "./invariants/invariants.ts";

/** What a broken invariant says of the database's promises, unless it says more. */
const applicationsOwn =
  "That holds at every isolation level and says nothing about the database's own promises.";

/** Broken invariants of applications, as the domain checkers tell of them. */
export const domainAnomalies: Descriptions<AnomalyDescription> = Object.fromEntries(
  [...domainCheckers.values()].flatMap(({ name, summary, anomalies }) =>
    Object.entries(anomalies).map(([anomaly, line]) => [
      anomaly,
      describe(name, summary, line, invariants[anomaly]),
    ]),
  ),
);

function describe(
  checker: string,
  invariant: string,
  line: string,
  more: Invariant | undefined,
): AnomalyDescription {
  const promise = more?.promise ?? applicationsOwn;
  const rule = `It breaks what the check "${checker}" demands: ${invariant}. ${promise}`;
  return {
    summary: line,
    meaning: more === undefined ? rule : `${more.meaning} ${rule}`,
    ...(more?.remedy === undefined ? {} : { remedy: more.remedy }),
    sources: [`isolab's own check "${checker}"`],
  };
}
