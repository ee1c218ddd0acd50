import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Operation } from "../../../src/history/operation.ts";
import { compose } from "../../../src/nemesis/compose.ts";
import { fillDisk } from "../../../src/nemesis/server/fill-disk.ts";
import { killServer, killServerAtCommit } from "../../../src/nemesis/server/kill-server.ts";
import { pauseServer } from "../../../src/nemesis/server/pause-server.ts";
import { serverNemeses } from "../../../src/nemesis/server/server-nemeses.ts";
import { shutdownServer } from "../../../src/nemesis/server/shutdown-server.ts";
import append from "../../../workloads/append.ts";
import set from "../../../workloads/set.ts";
import { runConfig } from "../../support/runs.ts";
import { faultyRun, type FaultyRun } from "./faulty-run.ts";
import { ownServer, possible } from "./own-server.ts";

const rows = runConfig(set, "rows", "serializable", { operations: 100_000, timeLimitMs: 1_200 });
const appends = runConfig(append, "upsert", "serializable", { operations: 100_000, timeLimitMs: 4_000 });
const often = { intervalMs: 150, durationMs: 150 };

const isFault = ({ process }: Operation): boolean => process === "nemesis";

function causesIn({ operations }: FaultyRun): ReadonlySet<unknown> {
  return new Set(operations.map(({ error }) => (error as { cause?: string } | undefined)?.cause));
}

/** It struck, was undone, work went on afterwards, and nothing is held against the database. */
function expectGoodEnd({ verdict, interrupted, operations, struck, warnings }: FaultyRun): void {
  expect(interrupted).toBe(false);
  // Of a lock that could not be had again, say.
  expect(warnings).toEqual([]);
  expect(struck.length).toBeGreaterThan(0);
  expect(struck).not.toContain("failed");
  expect(verdict).toMatchObject({ anomalyTypes: [] });
  expect(verdict.valid).not.toBe(false);
  const lastUndone = operations.findLastIndex(isFault);
  expect(operations.slice(lastUndone).filter(({ type }) => type === "ok").length).toBeGreaterThan(0);
  expect(operations.at(-1)).toMatchObject({ f: "read-at-rest", type: "ok" });
}

describe.each(["postgres", "mariadb"] as const)("on a %s of our own", (db) => {
  let target: Awaited<ReturnType<typeof ownServer>>;
  beforeAll(async () => {
    target = await ownServer(db);
  });
  afterAll(() => target.release());

  const faults = possible([...serverNemeses, compose(pauseServer, killServer)], db);

  test.each(faults.map((fault) => [fault.name, fault] as const))(
    "a run under %s ends well, and every acknowledged addition is there",
    async (_, fault) => {
      const run = await faultyRun(rows, target.server, [fault], often);
      expectGoodEnd(run);
      const causes = causesIn(run);
      if (fault === fillDisk) expect(causes).toContain("disk-full");
      else if (fault === pauseServer) expect(causes).toEqual(new Set([undefined]));
      else
        expect(
          [...causes].filter((cause) => /connection-lost|server-shutdown/.test(String(cause))),
        ).not.toEqual([]);
    },
  );

  // A MariaDB that waits for no disk has mostly answered before the signal arrives.
  if (db === "postgres")
    test("kill-server-at-commit leaves COMMITs of which nobody knows whether they took place", async () => {
      let unknown = 0;
      for (let seed = 1; seed <= 5 && unknown === 0; seed++) {
        const config = { ...rows, seed: String(seed), timeLimitMs: 1_500 };
        const run = await faultyRun(config, target.server, [killServerAtCommit], often);
        expectGoodEnd(run);
        unknown = run.operations.filter(({ f, type }) => f === "add" && type === "info").length;
      }
      expect(unknown).toBeGreaterThan(0);
    });

  test("a run under all of them in turn is serializable", async () => {
    const all = [...faults, ...possible([compose(shutdownServer, pauseServer)], db)];
    expectGoodEnd(await faultyRun(appends, target.server, all, often));
  });

  test.each([killServer, shutdownServer, pauseServer].map((fault) => [fault.name, fault] as const))(
    "a stop while %s lasts ends the run, and the server is in service again",
    async (_, fault) => {
      const stop = new AbortController();
      const noticed = {
        ...fault,
        strike: async (...args: Parameters<typeof fault.strike>) => {
          const strike = await fault.strike(...args);
          stop.abort();
          return strike;
        },
      };
      const run = await faultyRun(rows, target.server, [noticed], {
        ...often,
        stop: stop.signal,
        durationMs: 60_000,
      });
      expect(run.interrupted).toBe(true);
      const count = (wanted: (operation: Operation) => boolean): number =>
        run.operations.filter(wanted).length;
      expect(count(({ type }) => type === "invoke")).toBe(count(({ type }) => type !== "invoke"));
      expect(run.verdict).toMatchObject({ anomalyTypes: [] });
      expectGoodEnd(
        await faultyRun({ ...rows, timeLimitMs: 400 }, target.server, [pauseServer], {
          intervalMs: 50,
          durationMs: 20,
        }),
      );
    },
  );
});
