import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Server } from "../../../src/clients/servers/server.ts";
import { compareSchedules } from "../../../src/scheduler/compare-schedules.ts";
import type { Move } from "../../../src/scheduler/move.ts";
import { movesStrategy } from "../../../src/scheduler/moves-strategy.ts";
import { randomStrategy } from "../../../src/scheduler/random-strategy.ts";
import { stepFaults, withFaults } from "../../../src/scheduler/with-faults.ts";
import register from "../../../workloads/register.ts";
import { runConfig } from "../../support/runs.ts";
import {
  add,
  ends,
  execute,
  fault,
  inOrder,
  onProxiedStage,
  onStage,
  ownServers,
  planFor,
  scripted,
  transaction,
  type Executed,
} from "./support.ts";

describe.each(ownServers)("on $kind, a fault is a step", ({ kind, start }) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });

  const bodies = scripted({
    one: transaction(add(1)),
    both: transaction(add(1), add(2)),
    twice: async (session) => {
      const first = session.transaction((tx) => tx.query(add(1)));
      await first.catch(() => undefined);
      await session.transaction((tx) => tx.query(add(1)));
      return { value: [] };
    },
  });

  /** Executes it three times and expects three times the same. */
  async function repeated(plan: ReturnType<typeof planFor>, ...moves: (number | Move)[]): Promise<Executed> {
    const config = bodies.config();
    return onStage(config, server.url, server, async (stage, database) => {
      const first = await execute(stage, database, config, inOrder(...moves), { plan });
      for (let time = 2; time <= 3; time++) {
        const again = await execute(stage, database, config, inOrder(...moves), { plan });
        expect(compareSchedules(first.schedule, again.schedule)).toBeUndefined();
        expect(again.bytes).toBe(first.bytes);
      }
      return first;
    });
  }

  test("a session whose connection is ended lets go of all that it held", async () => {
    const executed = await repeated(
      planFor(["both", "one"], ["one"]),
      0,
      1,
      fault("kill-connection", 0),
      1,
      0,
      0,
    );
    const { steps } = executed.schedule;
    expect(steps[2]).toMatchObject({
      move: { kind: "fault", fault: "kill-connection", session: 0 },
      outcomes: [{ session: 1, affected: 1 }],
    });
    // In the history too, at the time of its step.
    expect(executed.operations.filter(({ process }) => process === "nemesis")).toMatchObject([
      { type: "invoke", f: "kill-connection", value: null, time: 2 },
      { type: "info", f: "kill-connection", value: "struck session 0", time: 2 },
    ]);
    // Nothing was committed: COMMIT had not been sent.
    expect(ends(executed)).toContainEqual([0, "fail", "connection-lost"]);
    // Its next operation has a connection of its own.
    expect(ends(executed).filter((end) => (end as unknown[])[1] === "ok")).toHaveLength(2);
  });

  test("a waiting session whose connection is ended waits no longer", async () => {
    const executed = await repeated(planFor(["one"], ["one"]), 0, 1, fault("kill-connection", 1));
    expect(executed.schedule.steps[2]?.outcomes).toEqual([{ session: 1, error: "connection-lost" }]);
    expect(ends(executed)).toContainEqual([1, "fail", "connection-lost"]);
  });

  test("a statement that waits is cancelled", async () => {
    const executed = await repeated(planFor(["one"], ["one"]), 0, 1, fault("cancel-statement", 1));
    expect(executed.schedule.steps[2]?.outcomes).toEqual([
      { session: 1, error: kind === "postgres" ? "57014" : 1317 },
    ]);
    expect(ends(executed)).toContainEqual([1, "fail", "cancelled"]);
  });

  test("a lock timeout that was set ends the next wait, in a step of its own", async () => {
    const executed = await repeated(planFor(["one"], ["one"]), fault("arm-lock-timeout", 1), 0, 1);
    const { steps } = executed.schedule;
    expect(steps[2]?.outcomes).toEqual([{ session: 1, blocked: true }]);
    expect(steps[3]).toMatchObject({
      move: { kind: "fault", fault: "lock-timeout", session: 1 },
      outcomes: [{ session: 1, error: kind === "postgres" ? "55P03" : 1205 }],
    });
    expect(ends(executed)).toContainEqual([1, "fail", "lock-timeout"]);
  });

  test("a lock timeout ends with the transaction for which it was set", async () => {
    const executed = await repeated(
      planFor(["one", "one"], ["twice"]),
      fault("arm-lock-timeout", 1),
      0,
      1,
      // The timeout comes by itself, then session 1 rolls back and waits again, now for good.
      1,
      1,
      0,
    );
    expect(
      executed.schedule.steps.map(({ move }) => (move.kind === "fault" ? move.fault : move.kind)),
    ).toEqual(expect.arrayContaining(["lock-timeout"]));
    const later = executed.schedule.steps.slice(4).flatMap(({ outcomes }) => outcomes);
    expect(later).toContainEqual({ session: 1, blocked: true });
    expect(later.filter((outcome) => "error" in outcome)).toEqual([]);
  });

  if (kind === "mariadb") {
    test("a lock timeout leaves alone what brings its own", async () => {
      const name = "concat(database(), '/x')";
      const locks = scripted({
        lock: async (session) => {
          await session.query(`select get_lock(${name}, 600) as taken`);
          await session.query(`select release_lock(${name}) as released`);
          return { value: [] };
        },
      });
      const config = locks.config();
      await onStage(config, server.url, server, async (stage, database) => {
        const executed = await execute(
          stage,
          database,
          config,
          inOrder(fault("arm-lock-timeout", 1), 0, 1, 0),
          { plan: planFor(["lock"], ["lock"]) },
        );
        expect(executed.schedule.steps.map(({ outcomes }) => outcomes)).toEqual([
          [],
          [{ session: 0, rows: 1 }],
          [{ session: 1, blocked: true }],
          [
            { session: 0, rows: 1 },
            { session: 1, rows: 1 },
          ],
          [{ session: 1, rows: 1 }],
        ]);
      });
    });
  }

  test("executions with faults drawn from the seed are the same each time, and as their moves alone", async () => {
    const config = runConfig(register, "for-update", "read-committed", { operations: 24, sessions: 4 });
    await onProxiedStage(config, server.url, server, async (stage, database) => {
      for (const seed of ["1", "2"]) {
        const strategy = withFaults(randomStrategy({ seed }), { seed, faults: stepFaults, rate: 0.1 });
        const first = await execute(stage, database, { ...config, seed }, strategy);
        const struck = first.schedule.steps.flatMap(({ move }) =>
          move.kind === "fault" ? [move.fault] : [],
        );
        expect(struck.length).toBeGreaterThan(0);
        const again = await execute(stage, database, { ...config, seed }, strategy);
        expect(compareSchedules(first.schedule, again.schedule)).toBeUndefined();
        expect(again.bytes).toBe(first.bytes);
        const moves = movesStrategy(first.schedule.steps.map(({ move }) => move));
        expect((await execute(stage, database, { ...config, seed }, moves)).bytes).toBe(first.bytes);
      }
    });
  });
});
