import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { explore, type Exploration, type ExploreRequest } from "../../src/campaign/explore.ts";
import { check } from "../../src/checkers/check.ts";
import type { Server } from "../../src/clients/servers/server.ts";
import { loadHistory } from "../../src/history/load-history.ts";
import { exhaustiveStrategy } from "../../src/scheduler/exhaustive-strategy.ts";
import { decodePlan } from "../../src/generators/plan-json.ts";
import { decodeSchedule } from "../../src/scheduler/schedule-json.ts";
import type { Workload } from "../../src/workload/workload.ts";
import append from "../../workloads/append.ts";
import register from "../../workloads/register.ts";
import { execute, onStage, ownServers } from "../runner/interleaved/support.ts";
import { clock } from "../support/databases.ts";
import { runConfig, temporaryDirectory } from "../support/runs.ts";

const interleaving = {
  strategy: "random",
  depth: 3,
  overlaps: 0,
  preemptions: undefined,
  prune: true,
  faults: [],
  faultRate: 0.05,
};

function variantOf(name: string): readonly [Workload, string] {
  const [workload, variant = ""] = name.split(":");
  return [workload === "append" ? append : register, variant];
}

describe.each(ownServers)("on $kind", ({ kind, start }) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });

  function exploration(
    request: Pick<ExploreRequest, "config"> & Partial<ExploreRequest>,
  ): Promise<Exploration> {
    return explore({
      interleaving,
      schedules: 50,
      anomalies: [],
      shrinks: true,
      settings: {},
      directory: join(temporaryDirectory(), "run"),
      target: { url: server.url, server },
      model: undefined,
      clock,
      stop: new AbortController().signal,
      progress: () => undefined,
      warn: () => undefined,
      ...request,
    });
  }

  test.each([
    kind === "postgres"
      ? (["append:upsert", "repeatable-read", "G2-item"] as const)
      : (["append:upsert", "read-committed", "lost-update"] as const),
  ] as const)(
    "%s at %s: what shows %s shrinks to two transactions, and is left as it is told",
    async (name, isolation, anomaly) => {
      const config = runConfig(...variantOf(name), isolation, { operations: 8, sessions: 4 });
      const { finding } = await exploration({ config, anomalies: [anomaly], schedules: 400 });
      expect(finding?.anomaly).toBe(anomaly);
      expect(finding?.shrunk).toMatchObject({ transactions: 2, switches: 2, rate: undefined });

      const inside = finding?.shrunk?.directory ?? "";
      const read = (name: string): string => readFileSync(join(inside, name), "utf8");
      // What is in the directory is the execution that is told, and shows it.
      const verdict = check((await loadHistory(join(inside, "history.jsonl"))).history);
      expect(verdict).toEqual(finding?.shrunk?.verdict);
      expect(verdict.observed).toContain(anomaly);
      expect(decodePlan(read("plan.json"))).toEqual(finding?.shrunk?.plan);
      expect(decodeSchedule(read("schedule.json"))).toEqual(finding?.shrunk?.performed.schedule);
    },
  );

  test.each([
    ["register:naive", "serializable", true],
    // All wait for the one row: nobody's steps commute with another's.
    ["register:for-update", kind === "postgres" ? "repeatable-read" : "read-committed", false],
    ["append:upsert", "repeatable-read", true],
  ] as const)(
    "leaving out equivalent schedules of %s at %s loses no final state and no answer",
    async (name, isolation, saves) => {
      const [workload, variant] = variantOf(name);
      const parameters = workload === append ? { keys: 2, "max-length": 2 } : { models: 1 };
      const plain = runConfig(workload, variant, isolation, { operations: 2, sessions: 2, seed: "4" });
      const config = { ...plain, parameters: { ...plain.parameters, ...parameters } };
      await onStage(config, server.url, server, async (stage, database) => {
        const outcomes = async (prune: boolean): Promise<{ schedules: number; seen: Set<string> }> => {
          const oneWaiter = stage.watcher.order === "one-waiter";
          const strategy = exhaustiveStrategy({ isolation, database: kind, oneWaiter, prune });
          const seen = new Set<string>();
          let schedules = 0;
          for (let more = true; more; more = strategy.end()) {
            const { operations, trace } = await execute(stage, database, config, strategy, {
              schedule: schedules++,
            });
            const ends = operations
              .filter(({ type, process }) => type !== "invoke" && process !== "nemesis")
              .map(({ type, value, error }) => JSON.stringify([type, value, error]));
            seen.add(JSON.stringify([ends.sort(), trace.rest.map(({ rows }) => rows)]));
          }
          return { schedules, seen };
        };
        const [all, pruned] = [await outcomes(false), await outcomes(true)];
        expect([...pruned.seen].sort()).toEqual([...all.seen].sort());
        expect(pruned.seen.size).toBeGreaterThan(1);
        if (saves) expect(pruned.schedules).toBeLessThan(all.schedules);
        else expect(pruned.schedules).toBe(all.schedules);
      });
    },
  );

  test("all interleavings where the level forbids it: none shows it, and how many there were", async () => {
    const config = runConfig(register, "naive", "serializable", { operations: 2, sessions: 2 });
    const found = await exploration({
      config: { ...config, parameters: { ...config.parameters, models: 1 } },
      interleaving: { ...interleaving, strategy: "exhaustive" },
      schedules: 1_000,
    });
    expect(found).toMatchObject({ finding: undefined, complete: true, stuck: undefined, racy: 0 });
    expect(found).toMatchObject({ committed: true, interrupted: false, distinct: found.executed });
    expect(found.executed).toBeGreaterThan(5);
    const lines = readFileSync(join(found.directory, "explored.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(found.executed);
    // The last schedule's files are all there, to be replayed.
    expect(readdirSync(found.directory).sort()).toEqual(
      ["explored.jsonl", "history.jsonl", "plan.json", "schedule.json", "verdict.json"].sort(),
    );
  });

  test("a stop while it shrinks leaves what was found, and nothing half done", async () => {
    const stop = new AbortController();
    const config = runConfig(register, "naive", "read-committed", { operations: 8, sessions: 4 });
    const found = await exploration({
      config,
      stop: stop.signal,
      progress: ({ phase, executed }) => {
        if (phase === "shrinking" && executed === 2) stop.abort();
      },
    });
    expect(found).toMatchObject({ interrupted: true, finding: { anomaly: "duplicate-version" } });
    expect(found.finding?.shrunk).toBeUndefined();
    expect(existsSync(join(found.directory, "shrunk"))).toBe(false);
    const { history } = await loadHistory(join(found.directory, "history.jsonl"));
    expect(check(history)).toEqual(found.finding?.verdict);
  });
});
