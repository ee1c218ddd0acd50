import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Database } from "../../../src/clients/database.ts";
import type { Server } from "../../../src/clients/servers/server.ts";
import type { Stage } from "../../../src/runner/interleaved/stage.ts";
import { compareSchedules } from "../../../src/scheduler/compare-schedules.ts";
import type { Move } from "../../../src/scheduler/move.ts";
import { movesStrategy } from "../../../src/scheduler/moves-strategy.ts";
import { pctStrategy } from "../../../src/scheduler/pct-strategy.ts";
import { randomStrategy } from "../../../src/scheduler/random-strategy.ts";
import { replayStrategy } from "../../../src/scheduler/replay-strategy.ts";
import { stepFaults, withFaults } from "../../../src/scheduler/with-faults.ts";
import append from "../../../workloads/append.ts";
import register from "../../../workloads/register.ts";
import { clock } from "../../support/databases.ts";
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

describe.each(ownServers)("on $kind, a COMMIT that is lost is a step", ({ kind, start }) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });

  const [lock, unlock] =
    kind === "postgres"
      ? ["select pg_advisory_lock(7)", "select pg_advisory_unlock(7)"]
      : ["select get_lock(concat(database(), '/x'), 600)", "select release_lock(concat(database(), '/x'))"];
  const seen: unknown[] = [];
  const bodies = scripted({
    one: transaction(add(1)),
    locks: async (session) => {
      await session.query(lock);
      await session.transaction((tx) => tx.query(add(1)));
      await session.query(unlock);
      return { value: [] };
    },
    look: async (session) => {
      const { rows } = await session.query("select value from account where id = 1");
      seen.push(rows[0]?.value);
      return { value: [] };
    },
  });
  const config = bodies.config();

  /** Executes it three times and expects three times the same. */
  async function repeated(plan: ReturnType<typeof planFor>, ...moves: (number | Move)[]): Promise<Executed> {
    return onProxiedStage(config, server.url, server, async (stage, database) => {
      const first = await execute(stage, database, config, inOrder(...moves), { plan });
      for (let time = 2; time <= 3; time++) {
        const again = await execute(stage, database, config, inOrder(...moves), { plan });
        expect(compareSchedules(first.schedule, again.schedule)).toBeUndefined();
        expect(again.bytes).toBe(first.bytes);
      }
      return first;
    });
  }

  test.each([
    ["lose-commit-request", 10],
    ["lose-commit-reply", 11],
  ])(
    "%s: nobody knows, the row is %i, and who waited for it goes on in the same step",
    async (name, value) => {
      seen.length = 0;
      const plan = planFor(["one", "look"], ["one"]);
      // Session 1 waits for the row that session 0 has changed, and commits after session 0 has looked.
      const executed = await repeated(plan, 0, 1, fault(name, 0), 0, 1);
      expect(executed.schedule.steps.map(({ outcomes }) => outcomes)).toEqual([
        [{ session: 0, affected: 1 }],
        [{ session: 1, blocked: true }],
        [
          { session: 0, error: "connection-lost" },
          { session: 1, affected: 1 },
        ],
        [{ session: 0, rows: 1 }],
        [{ session: 1, done: true }],
      ]);
      expect(ends(executed)).toEqual([
        [0, "info", "connection-lost"],
        // A process that ended in doubt never acts again.
        [2, "ok"],
        [1, "ok"],
      ]);
      expect(seen).toEqual([value, value, value]);
    },
  );

  test.each(["lose-commit-request", "lose-commit-reply"])(
    "%s: the server has forgotten the session, and a lock that outlives transactions is free",
    async (name) => {
      const executed = await repeated(planFor(["locks"], ["locks"]), 0, 0, 1, fault(name, 0));
      expect(executed.schedule.steps[3]?.outcomes).toEqual([
        { session: 0, error: "connection-lost" },
        { session: 1, rows: 1 },
      ]);
    },
  );

  test("at another point of the session the step does nothing", async () => {
    const executed = await repeated(planFor(["one"], ["one"]), fault("lose-commit-reply", 0), 0, 0, 1, 1);
    expect(executed.schedule.steps[0]?.outcomes).toEqual([]);
    expect(executed.operations.filter(({ process }) => process === "nemesis")).toMatchObject([
      { type: "invoke", f: "lose-commit-reply", value: null },
      { type: "info", f: "lose-commit-reply", value: null },
    ]);
    expect(ends(executed)).toEqual([
      [0, "ok"],
      [1, "ok"],
    ]);
  });

  test("without a proxy there is nothing to lose it", async () => {
    await onStage(config, server.url, server, async (stage, database) => {
      const strategy = inOrder(0, fault("lose-commit-reply", 0));
      await expect(execute(stage, database, config, strategy, { plan: planFor(["one"]) })).rejects.toThrow(
        /come through a proxy/,
      );
    });
  });

  if (kind === "postgres") {
    test("a COMMIT that waits for a lock is lost when it has its answer", async () => {
      const deferred = scripted(
        {
          child: transaction("insert into child values (1, 1)"),
          parent: transaction("delete from account where id = 1"),
        },
        {
          schema: [
            "create table child (id int primary key, account int references account deferrable initially deferred)",
          ],
        },
      );
      const own = deferred.config();
      await onProxiedStage(own, server.url, server, async (stage, database) => {
        const plan = planFor(["child"], ["parent"]);
        const run = (): Promise<Executed> =>
          execute(stage, database, own, inOrder(0, 1, fault("lose-commit-reply", 0), 1), { plan });
        const first = await run();
        const outcomes = first.schedule.steps.map((step) => step.outcomes);
        expect(outcomes.slice(2)).toEqual([
          [{ session: 0, blocked: true }],
          [
            { session: 1, done: true },
            { session: 0, error: "connection-lost" },
          ],
        ]);
        const again = await run();
        expect(again.bytes).toBe(first.bytes);
        expect(compareSchedules(first.schedule, again.schedule)).toBeUndefined();
      });
    });
  }

  test.each([
    ["register", runConfig(register, "for-update", "read-committed", { operations: 16, sessions: 4 })],
    ["append", runConfig(append, "upsert", "serializable", { operations: 16, sessions: 4 })],
  ])(
    "executions of %s with every fault drawn from the seed are the same each time, as their moves and as their schedule",
    async (_, drawn) => {
      const losses = stepFaults.filter(({ hits }) => hits === "commit");
      // Fewer sessions are about to COMMIT than can be hit by the others.
      const faults = [...stepFaults, ...losses, ...losses, ...losses];
      const struck = new Set<string>();
      await onProxiedStage(drawn, server.url, server, async (stage: Stage, database: Database) => {
        for (const seed of ["1", "2"]) {
          const seeded = { ...drawn, seed };
          const inner =
            seed === "2" ? pctStrategy({ seed, depth: 3, expectedSteps: 60 }) : randomStrategy({ seed });
          const strategy = withFaults(inner, { seed, faults, rate: 0.4 });
          const first = await execute(stage, database, seeded, strategy);
          for (const { move } of first.schedule.steps) if (move.kind === "fault") struck.add(move.fault);
          const moves = first.schedule.steps.map(({ move }) => move);
          for (const same of [strategy, movesStrategy(moves), replayStrategy(first.schedule)]) {
            const again = await execute(stage, database, seeded, same);
            expect(compareSchedules(first.schedule, again.schedule)).toBeUndefined();
            expect(again.bytes).toBe(first.bytes);
          }
        }
      });
      expect([...struck]).toEqual(
        expect.arrayContaining(["lose-commit-request", "lose-commit-reply", "kill-connection"]),
      );
    },
  );

  test("no connection of a finished stage is left", async () => {
    await onProxiedStage(config, server.url, server, async (stage, database) => {
      await execute(stage, database, config, inOrder(0, fault("lose-commit-reply", 0)), {
        plan: planFor(["one"]),
      });
      await stage.close();
      await clock.sleep(1);
      expect(await database.sessionsLeft()).toBe(0);
    });
  });
});
