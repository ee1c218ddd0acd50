import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { explore } from "../../src/campaign/explore.ts";
import { historyDigest } from "../../src/campaign/history-digest.ts";
import { replay, type Recorded } from "../../src/campaign/replay.ts";
import { runOnce } from "../../src/campaign/run-once.ts";
import type { Server } from "../../src/clients/servers/server.ts";
import { decodePlan } from "../../src/generators/plan-json.ts";
import { decodeSchedule } from "../../src/scheduler/schedule-json.ts";
import append from "../../workloads/append.ts";
import { ownServers } from "../runner/interleaved/support.ts";
import { clock } from "../support/databases.ts";
import { runConfig, temporaryDirectory } from "../support/runs.ts";

const losses = ["lose-commit-request", "lose-commit-reply"];
const interleaving = {
  strategy: "random",
  depth: undefined,
  overlaps: undefined,
  preemptions: undefined,
  prune: true,
  faults: [...losses, "kill-connection"],
  faultRate: 0.4,
};

describe.each(ownServers)("COMMITs that are lost on $kind", ({ start }) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });

  const config = runConfig(append, "upsert", "repeatable-read", { operations: 16, sessions: 3 });
  const around = (): Omit<Parameters<typeof runOnce>[0], "progress" | "config"> => ({
    settings: {},
    directory: join(temporaryDirectory(), "run"),
    target: { url: server.url, server },
    model: undefined,
    clock,
    stop: new AbortController().signal,
    warn: (sentence) => {
      expect(sentence).toBe("");
    },
  });

  test("a run with them is repeated, and replayed from its files and from its moves alone", async () => {
    const { directory, database, repetition, racySteps, verdict } = await runOnce({
      ...around(),
      config,
      interleaving,
      repeat: 2,
      progress: () => undefined,
    });
    expect(repetition).toMatchObject({ times: 2, identical: 2, difference: undefined });
    expect(racySteps).toBe(0);
    expect(verdict.counts.info).toBeGreaterThan(0);

    const plan = decodePlan(readFileSync(join(directory, "plan.json"), "utf8"));
    const schedule = decodeSchedule(readFileSync(join(directory, "schedule.json"), "utf8"));
    const history = join(directory, "history.jsonl");
    const moves = schedule.steps.map(({ move }) => move);
    expect(moves.some((move) => move.kind === "fault" && losses.includes(move.fault))).toBe(true);
    const recordings: readonly Recorded[] = [
      { kind: "run", history, schedule },
      { kind: "moves", moves, digest: historyDigest(history) },
    ];
    for (const recorded of recordings) {
      const replayed = await replay({
        ...around(),
        config: { ...config, plan },
        recorded,
        recordedOn: database,
        progress: () => undefined,
      });
      expect(replayed.firstDifference).toBeUndefined();
      expect(replayed.identical).toBe(true);
    }
  });

  test("an exploration can have them among its steps", async () => {
    const found = await explore({
      ...around(),
      config,
      interleaving,
      schedules: 4,
      anomalies: ["no-such-anomaly"],
      shrinks: false,
      progress: () => undefined,
    });
    expect(found.executed).toBe(4);
    expect(found.stuck).toBeUndefined();
  });
});
