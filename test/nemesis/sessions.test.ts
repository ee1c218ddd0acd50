import { describe, expect, test } from "vitest";

import type { Operation, OperationError } from "../../src/history/operation.ts";
import type { Nemesis } from "../../src/nemesis/nemesis.ts";
import { sessionNemeses } from "../../src/nemesis/sessions/session-nemeses.ts";
import type { RunConfig } from "../../src/runner/run-config.ts";
import append from "../../workloads/append.ts";
import { operationsOf, runConfig, runThere } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";

function nemesis(name: string): Nemesis {
  const found = sessionNemeses.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no nemesis ${name}`);
  return found;
}

/** Causes that each fault brings about in some attempts, on at least one of the databases. */
const causes: Readonly<Record<string, readonly string[]>> = {
  "kill-connection": ["connection-lost"],
  "kill-idle": [],
  "kill-in-statement": ["connection-lost"],
  "kill-in-transaction": ["connection-lost"],
  "kill-in-commit": [],
  "cancel-statement": ["cancelled"],
  "lock-timeout": ["lock-timeout"],
  "statement-timeout": ["statement-timeout"],
  "idle-in-transaction-timeout": ["connection-lost"],
  deadlock: [],
  "long-lock": [],
  "idle-in-transaction": [],
  "starve-pool": ["pool-timeout"],
};

/** What the history says of the faults: what was done, or null. */
function strikes(operations: readonly Operation[]): readonly unknown[] {
  return operations
    .filter(({ process, type }) => process === "nemesis" && type === "info")
    .map(({ value }) => value);
}

function causesOf(operations: readonly Operation[]): readonly string[] {
  return operations.flatMap(({ error }) => (error as OperationError | undefined)?.cause ?? []);
}

/** A bound: what a fault brings about takes luck, and a machine that is not too busy. */
const mostRounds = 10;

describe.each(serverUrls())("on $kind", ({ url, kind }) => {
  test.each(Object.keys(causes))(
    "%s strikes, and the history stays true",
    { timeout: 120_000 },
    async (name) => {
      const fault = nemesis(name);
      if (!fault.databases.includes(kind)) throw new Error(`${name} is not for ${kind}`);
      const slow = name === "idle-in-transaction-timeout" && kind === "mariadb";
      const faults = { nemeses: [fault], intervalMs: 60, durationMs: slow ? 4_000 : 200 };
      const missing = new Set(causes[name]);
      let struck = 0;
      for (let round = 1; round <= mostRounds && (struck === 0 || missing.size > 0); round++) {
        const changes: Partial<RunConfig> = {
          seed: `${round}`,
          operations: 100_000,
          timeLimitMs: slow ? 5_000 : 900,
          faults,
        };
        const config = runConfig(append, "upsert", "serializable", changes);
        const { directory, verdict } = await runThere(config, url);

        const operations = await operationsOf(directory);
        struck += strikes(operations).filter((value) => value !== null && value !== "failed").length;
        expect(verdict.anomalyTypes).toEqual([]);
        expect(verdict.valid).toBe(true);
        for (const cause of causesOf(operations)) missing.delete(cause);
      }
      expect(struck).toBeGreaterThan(0);
      expect([...missing]).toEqual([]);
    },
  );
});
