import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Server } from "../../src/clients/servers/server.ts";
import { isolationLevels, type IsolationLevel } from "../../src/history/header.ts";
import { compareSchedules } from "../../src/scheduler/compare-schedules.ts";
import { randomStrategy } from "../../src/scheduler/random-strategy.ts";
import type { Workload } from "../../src/workload/workload.ts";
import append from "../../workloads/append.ts";
import register from "../../workloads/register.ts";
import { execute, onStage, ownServers } from "../runner/interleaved/support.ts";
import { runConfig } from "../support/runs.ts";

const mixes: readonly (readonly [Workload, string])[] = [
  [register, "naive"],
  [register, "for-update"],
  [register, "insert-select"],
  [register, "advisory-lock"],
  [append, "upsert"],
];

const seeds = ["1", "2"];
const executions = 3;

/** Few keys, so that sessions meet. */
function configOf([workload, variant]: readonly [Workload, string], isolation: IsolationLevel, nth: number) {
  const parameters = workload === append ? { keys: 3 } : { models: 2 };
  const config = runConfig(workload, variant, isolation, { operations: 24, sessions: 4 + (nth % 3) });
  return { ...config, parameters: { ...config.parameters, ...parameters } };
}

describe.each(ownServers)("on $kind", ({ start }) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });

  const cases = isolationLevels.flatMap((isolation) =>
    mixes.map((mix, nth) => ({ isolation, mix, nth, name: `${mix[0].name}:${mix[1]}` })),
  );
  test.each(cases)(
    "the same seed gives the same bytes: $name at $isolation",
    async ({ isolation, mix, nth }) => {
      const config = configOf(mix, isolation, nth);
      await onStage(config, server.url, server, async (stage, database) => {
        const histories = new Set<string>();
        for (const seed of seeds) {
          const seeded = { ...config, seed };
          const first = await execute(stage, database, seeded, randomStrategy({ seed }));
          expect(first.stuck).toBeUndefined();
          expect(first.schedule.steps.filter(({ racy }) => racy)).toEqual([]);
          histories.add(first.bytes);
          for (let time = 2; time <= executions; time++) {
            const again = await execute(stage, database, seeded, randomStrategy({ seed }));
            expect(compareSchedules(first.schedule, again.schedule)).toBeUndefined();
            expect(again.bytes).toBe(first.bytes);
          }
        }
        // Two seeds that gave one history would prove nothing.
        expect(histories.size).toBe(seeds.length);
      });
    },
  );
});
