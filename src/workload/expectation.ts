import type { DatabaseDescription, IsolationLevel } from "../history/header.ts";
import type { Expectation } from "./workload.ts";

/** Where a run takes place, as far as expectations can tell targets apart. */
export interface Target {
  readonly database: Pick<DatabaseDescription, "kind" | "settings">;
  readonly isolation: IsolationLevel;
}

/** What a variant declares for one target. */
export interface Expected {
  readonly must: readonly string[];
  readonly never: readonly string[];
}

/** How a run's findings stand against what was declared. */
export interface Comparison {
  /** Declared to show, and not seen. */
  readonly unseen: readonly string[];
  /** Declared never to show, and seen. */
  readonly forbidden: readonly string[];
}

/** The rules that match the target, added up. */
export function expectedAt(rules: readonly Expectation[], target: Target): Expected {
  const matching = rules.filter((rule) => matches(rule, target));
  return {
    must: unique(matching.flatMap((rule) => rule.must ?? [])),
    never: unique(matching.flatMap((rule) => rule.never ?? [])),
  };
}

/** Which of the declared anomalies are missing, and which showed although they never should. */
export function compareWithExpected(expected: Expected, observed: readonly string[]): Comparison {
  return {
    unseen: expected.must.filter((anomaly) => !observed.includes(anomaly)),
    forbidden: expected.never.filter((anomaly) => observed.includes(anomaly)),
  };
}

function matches(rule: Expectation, { database, isolation }: Target): boolean {
  return (
    (rule.on === undefined || rule.on.includes(database.kind)) &&
    (rule.at === undefined || rule.at.includes(isolation)) &&
    Object.entries(rule.settings ?? {}).every(([name, value]) => database.settings[name] === value)
  );
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
