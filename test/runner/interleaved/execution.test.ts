import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Server } from "../../../src/clients/servers/server.ts";
import type { Operation, OperationError } from "../../../src/history/operation.ts";
import type { Plan } from "../../../src/generators/plan.ts";
import type { Step } from "../../../src/scheduler/schedule.ts";
import type { Trace } from "../../../src/scheduler/trace.ts";
import {
  add,
  autocommit,
  execute,
  inOrder,
  onStage,
  ownServers,
  planFor,
  scripted,
  transaction,
  type Executed,
} from "./support.ts";

/** What came of each step, without what was asked for. */
function outcomes({ schedule }: Executed): readonly Step["outcomes"][] {
  return schedule.steps.map((step) => step.outcomes);
}

/** `0 BEGIN`, `0 update …`, in the order in which they were sent. */
function sent({ events }: Trace): readonly string[] {
  return events.flatMap((event) => (event.type === "sent" ? [`${event.session} ${event.sql}`] : []));
}

function completions(operations: readonly Operation[]): readonly unknown[] {
  return operations
    .filter(({ type }) => type !== "invoke")
    .map(({ process, type, error }) =>
      error === undefined ? [process, type] : [process, type, (error as OperationError).cause],
    );
}

const ok = (session: number): object => ({ session, done: true });
const wrote = (session: number): object => ({ session, affected: 1 });
const waits = (session: number): object => ({ session, blocked: true });

describe.each(ownServers)("on $kind, one statement at a time", ({ kind, start }) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });

  const bodies = scripted(
    {
      one: transaction(add(1)),
      both: transaction(add(1), add(2)),
      reversed: transaction(add(2), add(1)),
      three: transaction(add(1), add(2), add(3)),
      "write-itself": autocommit(add(1)),
      "fail-itself": autocommit("insert into account values (1, null)"),
      "read-itself": autocommit("select value from account where id = 1"),
      ddl: autocommit("create table other (id int)"),
      pause: async (session) => {
        await session.think();
        await session.query("select 1 as one");
        return { value: [] };
      },
      unless: autocommit(
        "insert into noted select 9 from account where id = 1 and not exists (select 1 from noted where k = 9)",
      ),
      "count-nines": async (session) => {
        const { rows } = await session.query<{ n: unknown }>("select count(*) as n from noted");
        return { value: [], data: Number(rows[0]?.n) };
      },
    },
    { schema: ["create table noted (k int)"] },
  );
  const perform = (plan: Plan, ...moves: readonly number[]): Promise<Executed> => {
    const config = bodies.config();
    return onStage(config, server.url, server, (stage, database) =>
      execute(stage, database, config, inOrder(...moves), { plan }),
    );
  };

  test("sends BEGIN with the first statement, and makes a step of each statement and of COMMIT", async () => {
    const executed = await perform(planFor(["both"]));
    expect(sent(executed.trace)).toEqual(["0 BEGIN", `0 ${add(1)}`, `0 ${add(2)}`, "0 COMMIT"]);
    expect(outcomes(executed)).toEqual([[wrote(0)], [wrote(0)], [ok(0)]]);
    expect(executed.operations.map(({ type, time }) => [type, time])).toEqual([
      ["invoke", 0],
      ["ok", 2],
    ]);
  });

  test("finds who waits, and lets the waiter go on in the step that frees it", async () => {
    const executed = await perform(planFor(["one"], ["one"]), 0, 1, 0, 1);
    expect(outcomes(executed)).toEqual([[wrote(0)], [waits(1)], [ok(0), wrote(1)], [ok(1)]]);
    expect(executed.schedule.steps.map(({ blocked }) => blocked)).toEqual([[], [], [1], []]);
  });

  test("ends a deadlock in the same way every time", async () => {
    const plan = planFor(["both"], ["reversed"]);
    const first = await perform(plan, 0, 1, 0, 1);
    // Both have written one row, so both databases choose the one that closed the circle.
    expect(outcomes(first).slice(0, 4)).toEqual([
      [wrote(0)],
      [wrote(1)],
      [waits(0)],
      [{ session: 1, error: kind === "postgres" ? "40P01" : 1213 }, wrote(0)],
    ]);
    expect(completions(first.operations)).toContainEqual([1, "fail", "deadlock"]);
    for (let time = 0; time < 3; time++) expect((await perform(plan, 0, 1, 0, 1)).bytes).toBe(first.bytes);
  });

  test("opens a write that would commit itself, and lets others in before its commit", async () => {
    const executed = await perform(planFor(["write-itself"], ["write-itself"]), 0, 1, 0, 1);
    expect(sent(executed.trace)).toEqual([
      "0 BEGIN",
      `0 ${add(1)}`,
      "1 BEGIN",
      `1 ${add(1)}`,
      "0 COMMIT",
      "1 COMMIT",
    ]);
    expect(outcomes(executed)).toEqual([[wrote(0)], [waits(1)], [ok(0), wrote(1)], [ok(1)]]);
    expect(executed.schedule.steps.map(({ points }) => points[0]?.kind)).toEqual([
      "query",
      "query",
      "commit",
      "commit",
    ]);
  });

  test("rolls back at once when such a write fails", async () => {
    const executed = await perform(planFor(["fail-itself"], ["one"]), 0, 1, 1);
    expect(executed.schedule.steps).toHaveLength(3);
    expect(sent(executed.trace)).toEqual([
      "0 BEGIN",
      "0 insert into account values (1, null)",
      "0 ROLLBACK",
      "1 BEGIN",
      `1 ${add(1)}`,
      "1 COMMIT",
    ]);
    expect(completions(executed.operations)[0]).toEqual([0, "fail", "not-null"]);
  });

  test("does not open what reads, nor what changes the schema", async () => {
    const executed = await perform(planFor(["read-itself", "ddl"]));
    expect(sent(executed.trace).filter((line) => /BEGIN|COMMIT/.test(line))).toEqual([]);
    expect(executed.schedule.steps).toHaveLength(2);
  });

  test("reaches the race of INSERT … WHERE NOT EXISTS in statements that commit themselves", async () => {
    const plan = planFor(["unless", "count-nines"], ["unless"]);
    const bothInside = await perform(plan, 0, 1, 0, 1);
    const oneByOne = await perform(plan, 0, 0, 1, 1);
    const seen = ({ operations }: Executed): unknown =>
      operations.find(({ type, f }) => type === "ok" && f === "count-nines")?.data;
    expect([seen(bothInside), seen(oneByOne)]).toEqual([2, 1]);
    expect((await perform(plan, 0, 1, 0, 1)).bytes).toBe(bothInside.bytes);
  });

  test("takes a pause for a step that sends nothing", async () => {
    const executed = await perform(planFor(["pause"], ["one"]), 0, 1, 1, 0);
    expect(executed.schedule.steps.map(({ points }) => points[0]?.kind)).toEqual([
      "think",
      "query",
      "commit",
      "query",
    ]);
    expect(sent(executed.trace)).toHaveLength(4);
    expect(executed.operations[0]).toMatchObject({ type: "invoke", process: 0, time: 0 });
  });

  test("starts a phase of the plan when the one before has ended", async () => {
    const two = planFor(["one", "one"], ["one"]);
    const phased = two.sessions.map((entries) =>
      entries.map((entry) => (entry.id === 1 ? { ...entry, phase: 1 } : entry)),
    );
    const executed = await perform({ ...two, sessions: phased }, 0, 0, 1, 1, 0, 0);
    // After its first operation session 0 is not ready until session 1 has done its own.
    expect(executed.schedule.steps.map(({ ready }) => ready)).toEqual([[0, 1], [0, 1], [1], [1], [0], [0]]);
  });

  test("a body that breaks ends the execution with its own error, and leaves nobody behind", async () => {
    const broken = scripted({
      break: async (session) => {
        await session.transaction(async (tx) => {
          await tx.query(add(1));
          throw new TypeError("a bug of the body");
        });
        return { value: [] };
      },
      one: transaction(add(1)),
    });
    const config = broken.config();
    await onStage(config, server.url, server, async (stage, database) => {
      const failing = execute(stage, database, config, inOrder(0, 1, 0), {
        plan: planFor(["break"], ["one"]),
      });
      await expect(failing).rejects.toThrow("a bug of the body");
      // The same stage serves the next schedule.
      const next = await execute(stage, database, config, inOrder(), { plan: planFor(["one"]) });
      expect(completions(next.operations)).toEqual([[0, "ok"]]);
    });
  });

  if (kind === "postgres") {
    test("wakes several waiters in the order in which they came to wait", async () => {
      const plan = planFor(["one"], ["one"], ["one"], ["one"]);
      const executed = await perform(plan, 0, 2, 1, 3, 0);
      // The first of them has the row then, and the others wait for that one.
      expect(outcomes(executed).slice(0, 5)).toEqual([
        [wrote(0)],
        [waits(2)],
        [waits(1)],
        [waits(3)],
        [ok(0), wrote(2)],
      ]);
      expect(completions(executed.operations).map((line) => (line as unknown[])[0])).toEqual([0, 2, 1, 3]);
    });

    test("wakes those who wait for different rows one after another, as they came", async () => {
      const rows = scripted({
        three: transaction(add(1), add(2), add(3)),
        ...Object.fromEntries([1, 2, 3].map((id) => [`row-${id}`, transaction(add(id))])),
      });
      const config = rows.config();
      const plan = planFor(["three"], ["row-1"], ["row-2"], ["row-3"]);
      await onStage(config, server.url, server, async (stage, database) => {
        const executed = await execute(stage, database, config, inOrder(0, 0, 0, 3, 1, 2, 0), { plan });
        expect(outcomes(executed)[6]).toEqual([ok(0), wrote(3), wrote(1), wrote(2)]);
      });
    });

    test("a refused serializable transaction is tried again in the same way every time", async () => {
      const retrying = scripted(
        { skew: transaction("select sum(value) from account", add(1)) },
        { retry: { causes: ["serialization-failure"], attempts: 5, baseMs: 1, maxMs: 1 } },
      );
      const config = retrying.config("serializable");
      const plan = planFor(["skew"], ["skew"], ["skew"]);
      const all: string[] = [];
      for (let time = 0; time < 3; time++) {
        await onStage(config, server.url, server, async (stage, database) => {
          const executed = await execute(stage, database, config, inOrder(0, 1, 2, 0, 1, 2), { plan });
          expect(outcomes(executed).flat()).toContainEqual(expect.objectContaining({ error: "40001" }));
          expect(
            completions(executed.operations).filter((line) => (line as unknown[])[1] === "ok"),
          ).toHaveLength(3);
          all.push(executed.bytes + JSON.stringify(executed.schedule));
        });
      }
      expect(new Set(all).size).toBe(1);
    });
  } else {
    test("takes the statement of a second waiter back, and sends it again later", async () => {
      const executed = await perform(planFor(["one"], ["one"], ["one"]), 0, 1, 2, 0);
      expect(outcomes(executed).slice(0, 4)).toEqual([
        [wrote(0)],
        [waits(1)],
        [{ session: 2, deferred: true }],
        [ok(0), wrote(1)],
      ]);
      // It was not ready until a transaction had ended.
      expect(executed.schedule.steps[3]?.ready).toEqual([0]);
      expect(executed.schedule.steps[4]?.ready).toEqual([1, 2]);
      expect(completions(executed.operations)).toHaveLength(3);
      expect(completions(executed.operations).every((line) => (line as unknown[])[1] === "ok")).toBe(true);
    });

    test("opened writes that are taken back are begun anew, and happen once", async () => {
      const plan = planFor(["one"], ["write-itself"], ["write-itself", "value"]);
      const counting = scripted({
        one: transaction(add(1)),
        "write-itself": autocommit(add(1)),
        value: async (session) => {
          const { rows } = await session.query("select value from account where id = 1");
          return { value: [], data: Number(rows[0]?.value) };
        },
      });
      const config = counting.config();
      await onStage(config, server.url, server, async (stage, database) => {
        const executed = await execute(stage, database, config, inOrder(0, 1, 2, 0, 1), { plan });
        expect(outcomes(executed)[2]).toEqual([{ session: 2, deferred: true }]);
        expect(executed.operations.find(({ data }) => data !== undefined)?.data).toBe(13);
      });
    });

    test("rolls one back when all others are taken back, and says that it was the harness", async () => {
      // Session 0 waits for what 1 holds, and 1 and 2 wait for each other, which nobody may for long.
      const plan = planFor(["a"], ["b"], ["c"]);
      const circle = scripted({
        a: transaction(add(1), add(2)),
        b: transaction(add(2), add(3)),
        c: transaction(add(3), add(2)),
      });
      const config = circle.config();
      const all: string[] = [];
      for (let time = 0; time < 3; time++) {
        await onStage(config, server.url, server, async (stage, database) => {
          const executed = await execute(stage, database, config, inOrder(0, 1, 2, 0, 1, 2), { plan });
          expect(outcomes(executed).slice(3, 7)).toEqual([
            [waits(0)],
            [{ session: 1, deferred: true }],
            [{ session: 2, deferred: true }],
            [expect.objectContaining({ error: "harness" })],
          ]);
          expect(executed.schedule.steps[6]?.move).toMatchObject({
            kind: "fault",
            fault: "harness-rollback",
          });
          expect(completions(executed.operations)).toContainEqual([
            (executed.schedule.steps[6]?.move as { session: number }).session,
            "fail",
            "harness",
          ]);
          all.push(executed.bytes + JSON.stringify(executed.schedule));
        });
      }
      expect(new Set(all).size).toBe(1);
    });

    test("what no transaction's end frees is sent again as soon as nobody waits", async () => {
      const locks = scripted({
        lock: async (session) => {
          await session.query("select get_lock(concat(database(), '/x'), 60) as taken");
          await session.query("select release_lock(concat(database(), '/x')) as released");
          return { value: [] };
        },
      });
      const config = locks.config();
      await onStage(config, server.url, server, async (stage, database) => {
        const executed = await execute(stage, database, config, inOrder(0, 1, 2), {
          plan: planFor(["lock"], ["lock"], ["lock"]),
        });
        expect(outcomes(executed)[1]).toEqual([waits(1)]);
        expect(outcomes(executed)[2]).toEqual([{ session: 2, deferred: true }]);
        expect(completions(executed.operations).map((line) => (line as unknown[])[1])).toEqual([
          "ok",
          "ok",
          "ok",
        ]);
      });
    });
  }
});
