import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { explore } from "../../src/campaign/explore.ts";
import { replay } from "../../src/campaign/replay.ts";
import { acquireTarget, type Target } from "../../src/campaign/target.ts";
import { check } from "../../src/checkers/check.ts";
import { preventionOf } from "../../src/checkers/models/descriptions/server-levels.ts";
import { decodePlan } from "../../src/generators/plan-json.ts";
import { loadHistory } from "../../src/history/load-history.ts";
import { stepsOf } from "../../src/report/reproduction/read-repro.ts";
import { decodeReproJson } from "../../src/report/reproduction/repro-json.ts";
import { sizes } from "../../src/runner/shrink.ts";
import { decodeSchedule } from "../../src/scheduler/schedule-json.ts";
import { clock } from "../support/databases.ts";
import {
  anomalies,
  entries,
  entryOf,
  folder,
  read,
  recordedConfig,
  targets,
  type GoldenEntry,
} from "../support/golden-schedules.ts";
import { temporaryDirectory } from "../support/runs.ts";
import { rowsIn, schedulesPage } from "../support/schedules-page.ts";
import { runIsolationTester } from "./reproduction/isolation-tester.ts";

const all = ["plan.json", "schedule.json", "history.jsonl", "verdict.json", "repro.sql", "repro.json"];
const never = new AbortController().signal;
/** The anomaly behind what it makes of a registry's invariants. */
const becomesOf: Readonly<Record<string, string>> = {
  "duplicate-version": "G2",
  "several-in-production": "G2-item",
};

describe("the folders", () => {
  test("are those of the table", () => {
    const known = entries.map(({ name }) => name).sort();
    expect(readdirSync(folder).sort()).toEqual([...known, "table.json"].sort());
  });

  test("are for the levels that allow the anomaly, and for no other", () => {
    const kept = anomalies.map(({ name, anomaly, seeds }) => {
      const promised = preventionOf(becomesOf[anomaly] ?? anomaly);
      if (promised === undefined) throw new Error(`nothing is promised about ${anomaly}`);
      const allowing = targets.filter((_, i) => promised[i] !== "prevented").map((target) => target.name);
      return [name, allowing, Object.keys(seeds)] as const;
    });
    for (const [name, allowing, found] of kept) expect(found.sort(), name).toEqual(allowing.sort());
  });

  test.each(entries)("$name is whole and small", async (entry) => {
    const files = entry.target.db === "postgres" ? [...all, "repro.spec"] : all;
    expect(readdirSync(entry.directory).sort()).toEqual(files.sort());

    const plan = decodePlan(read(entry, "plan.json"));
    const schedule = decodeSchedule(read(entry, "schedule.json"));
    const { transactions, statements, switches } = sizes(plan, schedule);
    expect([transactions, switches]).toEqual([2, 2]);
    expect(statements).toBeLessThanOrEqual(4);
    expect(schedule.steps.filter(({ racy }) => racy)).toEqual([]);
    expect(schedule.steps.flatMap(({ blocked }) => blocked)).toEqual([]);

    const repro = decodeReproJson(read(entry, "repro.json"));
    expect([repro.plan, repro.moves]).toEqual([plan.sessions, schedule.steps.map(({ move }) => move)]);
  });

  test.each(entries)("$name has the verdict that check gives it", async (entry) => {
    const { history, warnings } = await loadHistory(join(entry.directory, "history.jsonl"));
    expect(warnings).toEqual([]);
    const verdict = check(history);
    expect(verdict.observed).toContain(entry.anomaly.anomaly);
    expect(`${JSON.stringify(verdict, null, 2)}\n`).toBe(read(entry, "verdict.json"));
  });
});

test("docs/schedules.md shows them as they are; vitest -u writes it anew", async () => {
  const file = resolve(import.meta.dirname, "../../docs/schedules.md");
  const config = await resolveConfig(file);
  await expect(await format(schedulesPage(), { ...config, parser: "markdown" })).toMatchFileSnapshot(file);
});

describe.each(["postgres", "mariadb"] as const)("on %s", (db) => {
  let server: Target;
  const here = entries.filter(({ target }) => target.db === db);

  beforeAll(async () => {
    server = await acquireTarget({ db, durable: false }, clock);
  });
  afterAll(async () => {
    await server.release();
  });

  test.each(here)("$name happens again, byte for byte", async (entry) => {
    const { run, config } = await recordedConfig(entry);
    const directory = join(temporaryDirectory(), "run");
    const replayed = await replay({
      ...surroundings(directory),
      config,
      recorded: run.recorded,
      recordedOn: run.database,
      settings: entry.target.set ?? {},
    });
    expect(replayed.firstDifference).toBeUndefined();
    expect(replayed.identical).toBe(true);
    for (const file of ["plan.json", "schedule.json", "verdict.json"])
      expect(readFileSync(join(directory, file), "utf8"), file).toBe(read(entry, file));
  });

  test.each(db === "postgres" ? here : [])(
    "PostgreSQL's isolation tester sees what $name says",
    async (entry) => {
      const shared = { kind: "postgres", dialect: "postgres", url: server.url } as const;
      const told = await runIsolationTester(read(entry, "repro.spec"), shared);
      expect(told.flatMap(({ error }) => error ?? [])).toEqual([]);
      expect(told.flatMap(({ lines }) => lines)).toEqual(claimedRows(read(entry, "repro.sql")));
    },
  );

  test.each(unreachable(db))("no interleaving shows a $anomaly at $level", async ({ entry, target }) => {
    const { config } = await recordedConfig(entry);
    const found = await explore({
      ...surroundings(join(temporaryDirectory(), "run")),
      config: { ...config, isolation: target.isolation },
      settings: target.set ?? {},
      interleaving: {
        strategy: "exhaustive",
        depth: undefined,
        overlaps: undefined,
        preemptions: undefined,
        prune: true,
        faults: [],
        faultRate: 0,
      },
      schedules: 1_000,
      anomalies: [entry.anomaly.anomaly],
      shrinks: false,
    });
    expect(found.finding?.verdict.observed).toBeUndefined();
    expect(found).toMatchObject({ complete: true, committed: true, stuck: undefined, racy: 0 });
    expect(found.executed).toBeGreaterThan(1);
  });

  function surroundings(directory: string) {
    return {
      directory,
      target: server,
      model: undefined,
      clock,
      stop: never,
      progress: () => undefined,
      warn: (sentence: string) => {
        // A golden file is of one version of the server; the steps are to be the same on its neighbours.
        expect(sentence).toMatch(/recorded/);
      },
    };
  }
});

/** The rows below the statements, as the tester writes them. */
function claimedRows(reproSql: string): readonly string[] {
  return stepsOf(reproSql).flatMap(({ notes }) => rowsIn(notes).map((cells) => cells.join("|")));
}

/** Levels at which an anomaly has no schedule, each with the plan that shows it one level below or elsewhere. */
function unreachable(db: "postgres" | "mariadb") {
  return anomalies.flatMap((anomaly) =>
    targets
      .filter((target) => target.db === db && entryOf(anomaly, target) === undefined)
      .map((target) => ({
        anomaly: anomaly.title.toLowerCase(),
        level: target.title,
        target,
        entry: closest(
          entries.filter((entry) => entry.anomaly === anomaly),
          db,
        ),
      })),
  );
}

function closest(shown: readonly GoldenEntry[], db: string): GoldenEntry {
  const found = shown.findLast(({ target }) => target.db === db) ?? shown.at(-1);
  if (found === undefined) throw new Error("an anomaly without a schedule");
  return found;
}
