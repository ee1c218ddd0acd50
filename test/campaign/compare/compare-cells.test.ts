import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { compareCells, type CellRequest } from "../../../src/campaign/compare/compare-cells.ts";
import type { RunOutcome, RunRequest } from "../../../src/campaign/run-once.ts";
import { EnvironmentError } from "../../../src/clients/database-error.ts";
import { isolationLevels } from "../../../src/history/header.ts";
import append from "../../../workloads/append.ts";
import { clock } from "../../support/databases.ts";
import { runConfig, temporaryDirectory } from "../../support/runs.ts";
import { outcomeOf, verdictOf } from "./fixtures.ts";

const [variant = ""] = Object.keys(append.variants);

function requested(servers: number): readonly CellRequest[] {
  return Array.from({ length: servers }, (_, number) => number + 1).flatMap((server) =>
    isolationLevels.map((isolation) => ({
      name: `${server}-${isolation}`,
      server,
      source: "append",
      config: runConfig(append, variant, isolation),
      target: { url: `postgres://server${server}/x`, server: null },
    })),
  );
}

/** Runs the cells by a stand-in for a run that takes so many milliseconds, and watches how many run at once. */
async function compared(
  cells: readonly CellRequest[],
  limits: { readonly jobs: number; readonly mostPerServer: number },
  run: (request: RunRequest) => Promise<Partial<RunOutcome> | undefined>,
  stop: AbortSignal = new AbortController().signal,
) {
  const directory = temporaryDirectory();
  const running = new Map<string, number>();
  const most = { all: 0, perServer: 0, servers: 0 };
  const finished: string[] = [];
  const result = compareCells({
    cells,
    directory,
    ...limits,
    clock,
    stop,
    warn: () => undefined,
    settings: {},
    model: undefined,
    progress: () => undefined,
    finished: ({ name }) => finished.push(name),
    run: async (request) => {
      const { url } = request.target;
      running.set(url, (running.get(url) ?? 0) + 1);
      const loads = [...running.values()];
      most.all = Math.max(
        most.all,
        loads.reduce((sum, load) => sum + load, 0),
      );
      most.perServer = Math.max(most.perServer, ...loads);
      most.servers = Math.max(most.servers, loads.filter((load) => load > 0).length);
      mkdirSync(request.directory);
      try {
        const changes = await run(request);
        return { ...outcomeOf(request.directory, verdictOf({})), ...changes };
      } finally {
        running.set(url, (running.get(url) ?? 0) - 1);
      }
    },
  });
  return { directory, most, finished, result };
}

test("cells come back in the order of the request, whichever finished first", async () => {
  const cells = requested(2);
  let pause = 40;
  const { result, finished } = await compared(cells, { jobs: 4, mostPerServer: 2 }, async () => {
    pause -= 5;
    await clock.sleep(Math.max(0, pause));
    return undefined;
  });
  const names = cells.map(({ name }) => name);
  expect((await result).map(({ name }) => name)).toEqual(names);
  expect(finished).not.toEqual(names);
  expect(finished.toSorted()).toEqual(names.toSorted());
});

test.each([
  [1, 9, { all: 1, perServer: 1, servers: 1 }],
  [3, 1, { all: 3, perServer: 1, servers: 3 }],
  [99, 2, { all: 6, perServer: 2, servers: 3 }],
])("%i jobs, at most %i on each of three servers", async (jobs, mostPerServer, expected) => {
  const { result, most } = await compared(requested(3), { jobs, mostPerServer }, async () => {
    await clock.sleep(3);
    return undefined;
  });
  expect(await result).toHaveLength(12);
  expect(most).toEqual(expected);
});

test("a stop begins no further cell, and an interrupted one is neither told nor marked as finished", async () => {
  const stop = new AbortController();
  let number = 0;
  const { directory, result, finished } = await compared(
    requested(1),
    { jobs: 1, mostPerServer: 1 },
    async () => {
      if (++number === 1) return undefined;
      stop.abort();
      return { interrupted: true };
    },
    stop.signal,
  );
  expect((await result).map(({ name }) => name)).toEqual(["1-read-uncommitted"]);
  expect(finished).toEqual(["1-read-uncommitted"]);
  expect(number).toBe(2);
  expect(existsSync(join(directory, "1-read-uncommitted/cell.json"))).toBe(true);
  expect(existsSync(join(directory, "1-read-committed/cell.json"))).toBe(false);
});

test("a cell that cannot be run stops the others, and its error is told when they have stopped", async () => {
  let stopped = 0;
  const { result } = await compared(requested(3), { jobs: 3, mostPerServer: 3 }, async ({ stop, target }) => {
    if (target.url.includes("server2")) throw new EnvironmentError("the server was lost");
    await new Promise((resolve) => {
      stop.addEventListener("abort", resolve);
    });
    await clock.sleep(5);
    stopped++;
    return { interrupted: true };
  });
  await expect(result).rejects.toThrow("the server was lost");
  expect(stopped).toBe(2);
});
