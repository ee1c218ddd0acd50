import { alwaysForbidden } from "../../checkers/check-graph.ts";
import { prohibited } from "../../checkers/models/boundary.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import type { DatabaseDescription } from "../../history/header.ts";
import type { RunConfig } from "../../runner/run-config.ts";
import { compareWithExpected, expectedAt } from "../../workload/expectation.ts";

/** Domain anomalies that no application brings about by itself. */
const alwaysWrong: ReadonlySet<string> = new Set(["lost-commit"]);

/**
 * What a run has shown although it never should: what the variant declares so, what the database promises at that
 * level not to allow, and the loss of a commit. What an application without protection does to itself is none of it.
 */
export function brokenPromises(
  { variant, isolation }: Pick<RunConfig, "variant" | "isolation">,
  database: DatabaseDescription,
  { anomalyTypes, observed, model }: Verdict,
): readonly string[] {
  const expected = expectedAt(variant.expect, { database, isolation });
  const promised = prohibited(model);
  const broken = anomalyTypes.filter(
    (type) =>
      alwaysWrong.has(type) ||
      ((promised.has(type) || alwaysForbidden.has(type)) && !expected.must.includes(type)),
  );
  return [...new Set([...compareWithExpected(expected, observed).forbidden, ...broken])].sort();
}
