import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { EnvironmentError } from "../../../src/clients/database-error.ts";
import { openDatabase } from "../../../src/clients/open-database.ts";
import type { Server } from "../../../src/clients/servers/server.ts";
import type { Clock } from "../../../src/clock/clock.ts";
import { openRecorder } from "../../../src/history/recorder.ts";
import { openStage } from "../../../src/runner/interleaved/stage.ts";
import { headerOf } from "../../../src/runner/run-parts.ts";
import type { Choice, Strategy } from "../../../src/scheduler/strategy.ts";
import { clock, freshRun } from "../../support/databases.ts";
import {
  add,
  execute,
  inOrder,
  onStage,
  operationsIn,
  ownServers,
  planFor,
  scripted,
  transaction,
} from "./support.ts";

/** The processes of a server that are stopped. */
function stopped({ pid }: Server): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((id) => {
      const [state, parent] = stat(id);
      return state === "T" && Number(parent) === pid;
    });
}

/** A process that is told to stop does so when it next runs. */
function stoppedSoon(server: Server, count: number): readonly number[] {
  const deadline = clock.nanos() + 5e9;
  let frozen = stopped(server);
  while (frozen.length < count && clock.nanos() < deadline) frozen = stopped(server);
  return frozen;
}

/** State, parent and so on of a process, while it exists (proc(5)). */
function stat(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  } catch {
    return [];
  }
}

/** Grants in this order, and does something before the move that comes after them. */
function thenCalls(moves: readonly number[], call: (choice: Choice) => void): Strategy {
  const ordered = inOrder(...moves);
  return {
    ...ordered,
    pick: (choice) => {
      if (ordered.choices.length === moves.length) call(choice);
      return ordered.pick(choice);
    },
  };
}

/** Real time, of which a minute passes in a moment. */
const hurried: Clock = { ...clock, nanos: () => clock.nanos() * 20 };

const bodies = scripted({
  one: transaction(add(1)),
  forever: async (session) => {
    await session.transaction(async (tx) => {
      await tx.query(add(1));
      await new Promise<never>(() => undefined);
    });
    return { value: [] };
  },
});
const three = planFor(["one"], ["one"], ["one"]);

describe.each(ownServers)("on $kind", ({ kind, start }) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });

  test("nobody stays stopped after an error in the middle", async () => {
    const config = bodies.config();
    await onStage(config, server.url, server, async (stage, database) => {
      // MariaDB stops nobody.
      const waiters = kind === "postgres" ? 2 : 0;
      let frozen: readonly number[] = [];
      const failing = execute(
        stage,
        database,
        config,
        thenCalls([0, 1, 2], () => {
          frozen = stoppedSoon(server, waiters);
          throw new RangeError("the strategy gave up");
        }),
        { plan: three },
      );
      await expect(failing).rejects.toThrow("the strategy gave up");
      expect(frozen).toHaveLength(waiters);
      expect(stopped(server)).toEqual([]);
      // What they held is free again.
      const next = await execute(stage, database, config, inOrder(), { plan: three });
      expect(next.operations.filter(({ type }) => type === "ok")).toHaveLength(3);
    });
  });

  test("nobody stays stopped when it is asked to stop in the middle, and what was recorded is whole", async () => {
    const config = bodies.config();
    await onStage(config, server.url, server, async (stage, database) => {
      const stop = new AbortController();
      const executed = await execute(
        stage,
        database,
        config,
        thenCalls([0, 1, 2], () => {
          stop.abort(new Error("asked to"));
        }),
        { plan: three, stop: stop.signal },
      );
      expect(executed.interrupted).toBe(true);
      expect(stopped(server)).toEqual([]);
      const begun = executed.operations.filter(({ type }) => type === "invoke");
      expect(executed.operations).toHaveLength(2 * begun.length);
    });
  });

  test("a body that never goes on is given up, and the next schedule can be executed", async () => {
    const config = bodies.config();
    const plan = planFor(["forever"], ["one"]);
    await onStage(
      config,
      server.url,
      server,
      async (stage, database) => {
        const executed = await execute(stage, database, config, inOrder(1, 1, 0), { plan });
        expect(executed.stuck).toMatch(/neither ended nor waited/);
        // It was invoked and may have done anything.
        expect(executed.operations.filter(({ type }) => type === "ok")).toHaveLength(1);
        const next = await execute(stage, database, config, inOrder(), { plan: three });
        expect(next.stuck).toBeUndefined();
      },
      hurried,
    );
  });

  test("a server that is killed in the middle ends the execution, and what was recorded can be loaded", async () => {
    const victim = await start();
    onTestFinished(() => victim.stop());
    const directory = mkdtempSync(join(tmpdir(), "isolab-test-"));
    onTestFinished(() => {
      rmSync(directory, { recursive: true });
    });
    const config = bodies.config();
    const database = await openDatabase({
      url: victim.url,
      run: freshRun(),
      clock,
      onWarning: () => undefined,
    });
    const stage = await openStage(config, database, victim, clock);
    const path = join(directory, "history.jsonl");
    const recorder = openRecorder(path, headerOf(config, database, "interleaved"));
    let frozen: readonly number[] = [];
    const performing = stage.perform({
      plan: three,
      strategy: thenCalls([0, 1, 2], () => {
        frozen = stoppedSoon(victim, kind === "postgres" ? 2 : 0);
        process.kill(victim.pid, "SIGKILL");
      }),
      schedule: 0,
      recorder,
      stop: new AbortController().signal,
      progress: () => undefined,
    });
    await expect(performing).rejects.toThrow(EnvironmentError);
    recorder.close();
    expect(frozen).toHaveLength(kind === "postgres" ? 2 : 0);
    expect(frozen.filter((pid) => stat(pid)[0] === "T")).toEqual([]);
    await victim.ended;
    const operations = await operationsIn(path);
    expect(operations.filter(({ type }) => type === "invoke").length).toBeGreaterThanOrEqual(3);
    await stage.close();
    await database.close();
    // A backend that was stopped would outlive its server, and its directory.
    await victim.stop();
    expect(existsSync(victim.directory)).toBe(false);
  });
});
