import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { explore } from "../../src/campaign/explore.ts";
import { realClock } from "../../src/clock/real-clock.ts";
import { domainCheckers } from "../../src/checkers/domain/domain-checkers.ts";
import { type DatabaseKind, isolationLevels, type IsolationLevel } from "../../src/history/header.ts";
import { compareWithExpected, expectedAt } from "../../src/workload/expectation.ts";
import type { Interleaving } from "../../src/runner/run-config.ts";
import { ownInvariants } from "../../src/workload/invariant.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { runConfig, runThere, temporaryDirectory } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";

/** Operations of one run after another: that a free-running race is lost is a matter of luck, on a busy machine even more. */
const efforts = [240, 480, 1_920, 1_921, 3_840, 3_841, 3_842];

/** So many schedules are enough to find what a variant must show. */
const schedules = 200;

/** For searches that may need more than one. */
const seeds = ["1", "2", "3", "4", "5", "6"];

const randomly: Interleaving = {
  strategy: "random",
  depth: undefined,
  overlaps: undefined,
  preemptions: undefined,
  prune: true,
  faults: [],
  faultRate: 0,
};
const overlapping: Interleaving = { ...randomly, overlaps: 0.3 };

/** What the application did wrong; the server's own faults have other names. */
const brokenInvariants = new Set(
  [...domainCheckers.values()].flatMap(({ anomalies }) => Object.keys(anomalies)),
);

/**
 * Runs every variant of a workload at every level on every target, and compares with what it declares; then
 * has what must show found by search, one statement at a time.
 *
 * @param needsOverlaps what one statement at a time cannot show everywhere, as `variant anomaly`: two are let go at once now and then
 */
export function showsAsDeclared(workload: Workload, needsOverlaps: readonly string[] = []): void {
  describe.each(targets())(`what each variant of ${workload.name} declares shows on $name`, (target) => {
    test.each(casesOf(workload, target))("$variant at $isolation", async ({ variant, isolation }) => {
      let unseen: readonly string[] = [];
      for (const operations of efforts) {
        const config = runConfig(workload, variant, isolation, { operations, seed: `${operations}` });

        const { database, verdict } = await runThere(config, target.url, target);

        const expected = expectedAt(config.variant.expect, { database, isolation });
        const compared = compareWithExpected(expected, verdict.observed);
        expect(verdict.because).toBeUndefined();
        expect(compared.forbidden).toEqual([]);
        // Whatever the application did wrong, the server kept what its level promises.
        const own = new Set(ownInvariants(workload).map(({ name }) => name));
        expect(verdict.anomalyTypes.filter((name) => !brokenInvariants.has(name) && !own.has(name))).toEqual(
          [],
        );
        ({ unseen } = compared);
        if (unseen.length === 0) break;
      }
      expect(unseen).toEqual([]);
    });

    const searches = casesOf(workload, target).flatMap(({ variant, isolation }) => {
      const { expect: rules = [] } = workload.variants[variant] ?? {};
      const { must } = expectedAt(rules, { database: target, isolation });
      return must.map((anomaly) => ({ variant, isolation, anomaly }));
    });
    if (searches.length === 0) return;
    test.each(searches)(
      "$variant at $isolation: a search finds $anomaly",
      async ({ variant, isolation, anomaly }) => {
        const overlaps = needsOverlaps.includes(`${variant} ${anomaly}`);
        let found: string | undefined;
        // What two statements at once lead to is the server's to say, and a matter of luck.
        for (const seed of overlaps ? seeds : seeds.slice(0, 1)) {
          const { finding } = await explore({
            config: runConfig(workload, variant, isolation, { operations: 12, sessions: 4, seed }),
            interleaving: overlaps ? overlapping : randomly,
            target: { url: target.url, server: null },
            settings: target.settings,
            directory: join(temporaryDirectory(), "explored"),
            model: undefined,
            schedules,
            anomalies: [anomaly],
            shrinks: false,
            clock: realClock(),
            stop: new AbortController().signal,
            progress: () => undefined,
            warn: () => undefined,
          });
          found = finding?.anomaly;
          if (found !== undefined) break;
        }
        expect(found).toBe(anomaly);
      },
    );
  });
}

interface ServerTarget {
  readonly name: string;
  readonly kind: DatabaseKind;
  readonly url: string;
  readonly settings: Record<string, string>;
  readonly levels: readonly IsolationLevel[];
}

/**
 * The servers; PostgreSQL's READ UNCOMMITTED is its READ COMMITTED, so that one of them is enough there, and
 * MariaDB's snapshot isolation is a server variable that REPEATABLE READ heeds.
 */
function targets(): readonly ServerTarget[] {
  return serverUrls().flatMap(({ kind, url }): readonly ServerTarget[] => {
    if (kind === "postgres")
      return [{ name: kind, kind, url, settings: {}, levels: isolationLevels.slice(1) }];
    const settings = { innodb_snapshot_isolation: "ON" };
    const name = `${kind} with snapshot isolation`;
    return [
      {
        name: kind,
        kind,
        url,
        settings: { innodb_snapshot_isolation: "OFF" },
        levels: isolationLevels,
      },
      { name, kind, url, settings, levels: ["repeatable-read"] },
    ];
  });
}

function casesOf(
  workload: Workload,
  { levels }: ServerTarget,
): readonly { readonly variant: string; readonly isolation: IsolationLevel }[] {
  return Object.entries(workload.variants).flatMap(([variant, { levels: own = levels }]) =>
    own.filter((level) => levels.includes(level)).map((isolation) => ({ variant, isolation })),
  );
}
