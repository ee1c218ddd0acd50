import { describe, expect, test } from "vitest";

import { isolationLevels, type IsolationLevel } from "../../src/history/header.ts";
import { compareWithExpected, expectedAt } from "../../src/workload/expectation.ts";
import type { Workload } from "../../src/workload/workload.ts";
import append from "../../workloads/append.ts";
import register from "../../workloads/register.ts";
import { runConfig, runThere } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";

interface Case {
  readonly workload: Workload;
  readonly variant: string;
  readonly isolation: IsolationLevel;
}

const cases: readonly Case[] = [register, append].flatMap((workload) =>
  Object.entries(workload.variants).flatMap(([variant, { levels = isolationLevels }]) =>
    levels.map((isolation) => ({ workload, variant, isolation })),
  ),
);

/** Operations of one run after another: that a free-running race is lost is a matter of luck, on a busy machine even more. */
const efforts = [240, 480, 1_920];

describe.each(serverUrls())("what each variant declares shows on $kind", ({ url }) => {
  test.each(cases)("$workload.name:$variant at $isolation", async ({ workload, variant, isolation }) => {
    let unseen: readonly string[] = [];
    for (const operations of efforts) {
      const config = runConfig(workload, variant, isolation, { operations, seed: `${operations}` });

      const { database, verdict } = await runThere(config, url);

      const expected = expectedAt(config.variant.expect, { database, isolation });
      const compared = compareWithExpected(expected, verdict.observed);
      expect(verdict.because).toBeUndefined();
      expect(compared.forbidden).toEqual([]);
      // Whatever the application did wrong, the server kept what its level promises.
      const brokenInvariants = new Set(["duplicate-version", "missing-version"]);
      expect(verdict.anomalyTypes.filter((name) => !brokenInvariants.has(name))).toEqual([]);
      ({ unseen } = compared);
      if (unseen.length === 0) break;
    }
    expect(unseen).toEqual([]);
  });
});
