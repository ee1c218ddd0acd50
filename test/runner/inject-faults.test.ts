import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { EnvironmentError } from "../../src/clients/database-error.ts";
import { realClock } from "../../src/clock/real-clock.ts";
import type { Operation } from "../../src/history/operation.ts";
import { openRecorder } from "../../src/history/recorder.ts";
import { everyDatabase, type Nemesis } from "../../src/nemesis/nemesis.ts";
import { injectFaults } from "../../src/runner/inject-faults.ts";
import type { Arena } from "../../src/nemesis/arena.ts";
import { operationsOf, temporaryDirectory } from "../support/runs.ts";
import { someHeader } from "../history/arbitraries.ts";

const clock = realClock();

interface Injection {
  readonly nemeses: readonly Nemesis[];
  readonly seed?: string;
  readonly intervalMs?: number;
  readonly durationMs?: number;
  /** Ends the run after so many strikes. */
  readonly strikes: number;
}

function nemesis(name: string, strike: Nemesis["strike"]): Nemesis {
  return { name, summary: name, databases: everyDatabase, needs: [], strike };
}

/** Injects until so many faults have struck; answers what the history says. */
async function inject({
  nemeses,
  seed = "1",
  intervalMs = 2,
  durationMs = 2,
  strikes,
}: Injection): Promise<readonly Operation[]> {
  const run = new AbortController();
  let struck = 0;
  const counted = nemeses.map((one): Nemesis => ({
    ...one,
    strike: async (arena, rng) => {
      if (++struck >= strikes) run.abort();
      return one.strike(arena, rng);
    },
  }));
  const directory = temporaryDirectory();
  const recorder = openRecorder(join(directory, "history.jsonl"), someHeader);
  const arena = { clock, until: run.signal } as Arena;
  try {
    await injectFaults({ seed, clock, recorder }, { nemeses: counted, intervalMs, durationMs }, arena);
  } finally {
    recorder.close();
  }
  return operationsOf(directory);
}

describe("faults on a timeline", () => {
  const drawing = (name: string): Nemesis =>
    nemesis(name, (_, rng) => Promise.resolve({ did: `${name} ${rng.int(1_000)}` }));

  test("the same seed injects the same faults, another one others", async () => {
    const nemeses = [drawing("a"), drawing("b"), drawing("c")];
    const told = async (seed: string): Promise<readonly unknown[]> =>
      (await inject({ nemeses, seed, strikes: 12 })).map(({ f, value }) => [f, value]);
    const first = await told("1");
    expect(first).toHaveLength(24);
    expect(await told("1")).toEqual(first);
    expect(await told("2")).not.toEqual(first);
  });

  test("how much one fault draws shifts none after it", async () => {
    const greedy = nemesis("a", (_, rng) => {
      for (let i = 0; i < 10; i++) rng.float();
      return Promise.resolve({ did: "a" });
    });
    const modest = nemesis("a", () => Promise.resolve({ did: "a" }));
    const names = async (one: Nemesis): Promise<readonly string[]> =>
      (await inject({ nemeses: [one, drawing("b")], strikes: 12 })).map(({ f }) => f);
    expect(await names(greedy)).toEqual(await names(modest));
  });

  test("a fault that lasts is recorded from its beginning to its undoing, one after another", async () => {
    const log: string[] = [];
    const lasting = nemesis("lasting", () => {
      log.push("begin");
      return Promise.resolve({
        did: "it lasts",
        undo: () => {
          log.push("undo");
          return Promise.resolve();
        },
      });
    });
    const operations = await inject({ nemeses: [lasting], strikes: 3 });
    expect(log).toEqual(["begin", "undo", "begin", "undo", "begin", "undo"]);
    expect(operations.map(({ type, value, process }) => [process, type, value])).toEqual(
      Array.from({ length: 3 }, () => [
        ["nemesis", "invoke", null],
        ["nemesis", "info", "it lasts"],
      ]).flat(),
    );
  });

  test("the end of the run undoes what lasts at once", async () => {
    let undone = false;
    const endless = nemesis("endless", () =>
      Promise.resolve({
        did: "it lasts",
        undo: () => {
          undone = true;
          return Promise.resolve();
        },
      }),
    );
    await inject({ nemeses: [endless], durationMs: 3_600_000, strikes: 1 });
    expect(undone).toBe(true);
  });

  test("what cannot be injected, and what found nothing to hit, is told so and ends nothing", async () => {
    const failing = nemesis("failing", () => Promise.reject(new EnvironmentError("no")));
    const idle = nemesis("idle", () => Promise.resolve(null));
    const failed = await inject({ nemeses: [failing], strikes: 2 });
    expect(failed.filter(({ type }) => type === "info").map(({ value }) => value)).toEqual([
      "failed",
      "failed",
    ]);
    const missed = await inject({ nemeses: [idle], strikes: 2 });
    expect(missed.filter(({ type }) => type === "info").map(({ value }) => value)).toEqual([null, null]);
  });

  test("a fault that cannot be undone ends the run with a sentence", async () => {
    const stuck = nemesis("stuck", () =>
      Promise.resolve({ did: "stuck", undo: () => Promise.reject(new Error("it is jammed")) }),
    );
    await expect(inject({ nemeses: [stuck], strikes: 1 })).rejects.toThrow(
      "the fault stuck could not be undone: it is jammed",
    );
  });

  test("a bug in a nemesis is no fault of the database's", async () => {
    const buggy = nemesis("buggy", () => Promise.reject(new TypeError("oops")));
    await expect(inject({ nemeses: [buggy], strikes: 1 })).rejects.toThrow("oops");
  });
});
