import { describe, expect, test } from "vitest";

import { randomStrategy } from "../../../src/scheduler/random-strategy.ts";
import append from "../../../workloads/append.ts";
import { serverUrls } from "../../support/servers.ts";
import { runConfig } from "../../support/runs.ts";
import { add, execute, inOrder, onStage, planFor, scripted, transaction } from "./support.ts";

const bodies = scripted({ one: transaction(add(1)), both: transaction(add(1), add(2)) });

describe.each(serverUrls())("on a $kind that is not ours", ({ url, dialect }) => {
  const order = dialect === "postgres" ? "none" : "one-waiter";

  test(`the order of those who wait is kept by: ${order}`, async () => {
    await onStage(bodies.config(), url, null, async (stage) => {
      expect(stage.watcher.order).toBe(order);
    });
  });

  test("finds who waits, and who goes on", async () => {
    const config = bodies.config();
    await onStage(config, url, null, async (stage, database) => {
      const plan = planFor(["one"], ["one"]);
      const executed = await execute(stage, database, config, inOrder(0, 1, 0, 1), { plan });
      expect(executed.schedule.steps.map(({ outcomes }) => outcomes)).toEqual([
        [{ session: 0, affected: 1 }],
        [{ session: 1, blocked: true }],
        [
          { session: 0, done: true },
          { session: 1, affected: 1 },
        ],
        [{ session: 1, done: true }],
      ]);
      // One waiter has no rival.
      expect(executed.schedule.steps.filter(({ racy }) => racy)).toEqual([]);
    });
  });

  test("a deadlock ends, and everything after it", async () => {
    const config = bodies.config();
    await onStage(config, url, null, async (stage, database) => {
      const reversed = scripted({ both: transaction(add(1), add(2)), back: transaction(add(2), add(1)) });
      const plan = planFor(["both"], ["back"]);
      const deadlocking = { ...config, variant: reversed.config().variant };
      await onStage(deadlocking, url, null, async (other, its) => {
        const executed = await execute(other, its, deadlocking, inOrder(0, 1, 0, 1), { plan });
        expect(executed.stuck).toBeUndefined();
        const types = executed.operations.flatMap(({ type }) => (type === "invoke" ? [] : [type]));
        expect(types.toSorted()).toEqual(["fail", "ok"]);
      });
      const next = await execute(stage, database, config, inOrder(), { plan: planFor(["one"]) });
      expect(next.stuck).toBeUndefined();
    });
  });

  test("a contended run ends", async () => {
    const config = {
      ...runConfig(append, "upsert", "read-committed", { operations: 20, sessions: 4 }),
      parameters: { keys: 1, "writes-per-key": 64, "max-length": 3 },
    };
    await onStage(config, url, null, async (stage, database) => {
      const executed = await execute(stage, database, config, randomStrategy({ seed: "1" }));
      expect(executed.stuck).toBeUndefined();
      expect(executed.operations.filter(({ type }) => type === "invoke").length).toBeGreaterThanOrEqual(20);
    });
  });

  if (dialect === "postgres") {
    test("a step in which the server chose among those who waited is marked", async () => {
      const config = bodies.config();
      await onStage(config, url, null, async (stage, database) => {
        const plan = planFor(["one"], ["one"], ["one"]);
        const executed = await execute(stage, database, config, inOrder(0, 1, 2, 0), { plan });
        expect(executed.schedule.steps.map(({ racy }) => racy ?? false).slice(0, 4)).toEqual([
          false,
          false,
          false,
          true,
        ]);
        expect(executed.operations.filter(({ type }) => type === "ok")).toHaveLength(3);
      });
    });
  }
});
