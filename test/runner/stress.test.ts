import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { decodePlan } from "../../src/generators/plan-json.ts";
import { loadHistory } from "../../src/history/load-history.ts";
import { operationAt } from "../../src/history/operation-at.ts";
import type { Operation } from "../../src/history/operation.ts";
import { killConnection } from "../../src/nemesis/sessions/kill-connection.ts";
import append from "../../workloads/append.ts";
import register from "../../workloads/register.ts";
import { runConfig, runThere } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";

async function operationsOf(directory: string): Promise<readonly Operation[]> {
  const { history } = await loadHistory(join(directory, "history.jsonl"));
  return Array.from({ length: history.length }, (_, row) => operationAt(history, row));
}

describe.each(serverUrls())("free-running on $kind", ({ url, kind }) => {
  test("leaves a plan, a history with what the server is, and a verdict", async () => {
    const { directory, verdict } = await runThere(runConfig(append, "upsert", "repeatable-read"), url);

    const { history } = await loadHistory(join(directory, "history.jsonl"));
    expect(history.header).toMatchObject({
      isolab: 1,
      seed: "1",
      workload: "append",
      variant: "upsert",
      mode: "stress",
      isolation: "repeatable-read",
      database: { kind },
    });
    expect(
      Object.values(history.header?.database.settings ?? {})
        .join(" ")
        .toLowerCase(),
    ).toMatch(/repeatable.read/);
    const plan = decodePlan(readFileSync(join(directory, "plan.json"), "utf8"));
    expect(plan.sessions.flat()).toHaveLength(200);
    expect(JSON.parse(readFileSync(join(directory, "verdict.json"), "utf8"))).toEqual(verdict);
  });

  test("the same seed draws the same plan", async () => {
    const plans = [];
    for (const _ of [1, 2]) {
      const { directory } = await runThere(
        runConfig(append, "upsert", "read-committed", { operations: 20 }),
        url,
      );
      plans.push(readFileSync(join(directory, "plan.json"), "utf8"));
    }
    expect(plans[0]).toBe(plans[1]);
  });

  test("each attempt of a retried operation is an operation of its own", async () => {
    const config = runConfig(register, "unique", "read-committed");
    const { directory } = await runThere(config, url);

    const added = (operation: Operation): string =>
      (operation.value as [string, string, string][])[1]?.[2] ?? "";
    const invoked = (await operationsOf(directory)).filter(
      ({ f, type }) => f === "register" && type === "invoke",
    );
    const attempts = invoked.map(added);
    expect(new Set(attempts).size).toBe(attempts.length);
    expect(attempts.filter((attempt) => attempt.endsWith(".1")).length).toBeGreaterThan(0);
  });

  test("sessions that are killed are replaced, and the history stays true", async () => {
    const faults = { nemeses: [killConnection], intervalMs: 25, durationMs: 10 };
    const config = runConfig(append, "upsert", "serializable", { operations: 600, faults });
    const { directory, verdict } = await runThere(config, url);

    const operations = await operationsOf(directory);
    const killed = operations.filter(({ process, type }) => process === "nemesis" && type === "info");
    const lost = operations.filter(
      ({ error }) => (error as { cause?: string } | undefined)?.cause === "connection-lost",
    );
    expect(killed.length).toBeGreaterThan(0);
    expect(lost.length).toBeGreaterThan(0);
    expect(verdict.anomalyTypes).toEqual([]);
    // Every planned operation was tried all the same.
    const firstAttempts = operations.filter(({ f, type }) => f === "txn" && type === "invoke");
    expect(firstAttempts.length).toBeGreaterThanOrEqual(600);
    const silent = new Set<unknown>();
    for (const { process, type } of operations) {
      if (process === "nemesis") continue;
      expect(silent.has(process)).toBe(false);
      if (type === "info") silent.add(process);
    }
  });

  test("a time limit ends the run early and still reads everything at rest", async () => {
    const config = runConfig(register, "naive", "read-committed", { operations: 100_000, timeLimitMs: 300 });
    const { directory, interrupted } = await runThere(config, url);

    const operations = await operationsOf(directory);
    expect(interrupted).toBe(false);
    expect(operations.filter(({ f, type }) => f === "register" && type === "invoke").length).toBeLessThan(
      100_000,
    );
    expect(operations.at(-1)).toMatchObject({ f: "read-at-rest", type: "ok" });
  });

  test("a stop ends it cleanly, with every invocation completed", async () => {
    const stop = new AbortController();
    const running = runThere(runConfig(register, "naive", "read-committed", { operations: 100_000 }), url, {
      stop: stop.signal,
    });
    setTimeout(() => {
      stop.abort();
    }, 400);
    const { directory, interrupted } = await running;

    const operations = await operationsOf(directory);
    const count = (wanted: (operation: Operation) => boolean): number => operations.filter(wanted).length;
    expect(interrupted).toBe(true);
    expect(count(({ type }) => type === "invoke")).toBe(count(({ type }) => type !== "invoke"));
  });

  test("a workload's own bug is recorded as info and ends the run", async () => {
    const naive = register.variants.naive;
    const read = naive?.operations["read-at-rest"];
    if (naive === undefined || read === undefined) throw new Error("the naive variant is gone");
    const bug = { ...read, run: () => Promise.reject(new TypeError("planted")) };
    const variant = { ...naive, operations: { register: bug, "read-at-rest": read } };
    await expect(runThere(runConfig(register, "naive", "read-committed", { variant }), url)).rejects.toThrow(
      /operation "register" of the workload threw TypeError: planted/,
    );
  });
});
