import { describe, expect, test } from "vitest";

import { domainCheckers } from "../../src/checkers/domain/domain-checkers.ts";
import { type DatabaseKind, isolationLevels, type IsolationLevel } from "../../src/history/header.ts";
import { compareWithExpected, expectedAt } from "../../src/workload/expectation.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { runConfig, runThere } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";

/** Operations of one run after another: that a free-running race is lost is a matter of luck, on a busy machine even more. */
const efforts = [240, 480, 1_920];

/** What the application did wrong; the server's own faults have other names. */
const brokenInvariants = new Set(
  [...domainCheckers.values()].flatMap(({ anomalies }) => Object.keys(anomalies)),
);

/** Runs every variant of a workload at every level on both servers, and compares with what it declares. */
export function showsAsDeclared(workload: Workload): void {
  describe.each(serverUrls())(
    `what each variant of ${workload.name} declares shows on $kind`,
    ({ kind, url }) => {
      test.each(casesOf(workload, kind))("$variant at $isolation", async ({ variant, isolation }) => {
        let unseen: readonly string[] = [];
        for (const operations of efforts) {
          const config = runConfig(workload, variant, isolation, { operations, seed: `${operations}` });

          const { database, verdict } = await runThere(config, url);

          const expected = expectedAt(config.variant.expect, { database, isolation });
          const compared = compareWithExpected(expected, verdict.observed);
          expect(verdict.because).toBeUndefined();
          expect(compared.forbidden).toEqual([]);
          // Whatever the application did wrong, the server kept what its level promises.
          expect(verdict.anomalyTypes.filter((name) => !brokenInvariants.has(name))).toEqual([]);
          ({ unseen } = compared);
          if (unseen.length === 0) break;
        }
        expect(unseen).toEqual([]);
      });
    },
  );
}

interface Case {
  readonly variant: string;
  readonly isolation: IsolationLevel;
}

/** PostgreSQL's READ UNCOMMITTED is its READ COMMITTED, so that one of them is enough there. */
function casesOf(workload: Workload, kind: DatabaseKind): readonly Case[] {
  const levels = isolationLevels.filter((level) => kind !== "postgres" || level !== "read-uncommitted");
  return Object.entries(workload.variants).flatMap(([variant, { levels: own = levels }]) =>
    own.map((isolation) => ({ variant, isolation })),
  );
}
