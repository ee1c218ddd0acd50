import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { runOnce } from "../../../src/campaign/run-once.ts";
import { loadHistory } from "../../../src/history/load-history.ts";
import { operationAt } from "../../../src/history/operation-at.ts";
import type { Operation, OperationError } from "../../../src/history/operation.ts";
import { compose } from "../../../src/nemesis/compose.ts";
import type { Nemesis } from "../../../src/nemesis/nemesis.ts";
import { networkNemeses } from "../../../src/nemesis/network/network-nemeses.ts";
import append from "../../../workloads/append.ts";
import { clock } from "../../support/databases.ts";
import { runConfig, temporaryDirectory } from "../../support/runs.ts";
import { serverUrls } from "../../support/servers.ts";

const [delay, throttle, ...others] = networkNemeses;

/** What each strike says, and what clients see of it; undefined where it only takes time. */
const expected: Readonly<Record<string, readonly [did: RegExp, cause: string | undefined]>> = {
  "delay-network": [/^delayed by \d+ to \d+ ms$/, undefined],
  "throttle-network": [/^limited to \d+ bytes a second$/, undefined],
  "reset-connections": [/^reset \([1-5]\)$/, "connection-lost"],
  "half-open": [/^silenced$/, "connection-lost"],
  "lose-commit-request": [/^lost the request of a COMMIT$/, "connection-lost"],
  "lose-commit-reply": [/^lost the reply of a COMMIT$/, "connection-lost"],
  "silence-commit": [/^kept back the reply of a COMMIT$/, "answer-timeout"],
  "delay-network+throttle-network": [/^delayed by .* ms; limited to .* a second$/, undefined],
};

const nemeses: readonly Nemesis[] = [
  ...networkNemeses,
  ...(delay === undefined || throttle === undefined ? [] : [compose(delay, throttle)]),
];

test("every fault of the network needs the proxy, and is expected here", () => {
  expect(others).toHaveLength(5);
  for (const { name, needs, databases } of nemeses) {
    expect(needs).toContain("proxy");
    expect(databases).toEqual(["postgres", "mysql", "mariadb"]);
    expect(Object.keys(expected)).toContain(name);
  }
});

describe.each(serverUrls())("on $kind", ({ url }) => {
  test.each(nemeses)("$name strikes, is undone, and the history stays true", async (nemesis) => {
    // Each COMMIT that is never answered costs a session two seconds.
    const patient = nemesis.name === "silence-commit";
    const faults = { nemeses: [nemesis], intervalMs: patient ? 600 : 80, durationMs: 150 };
    const [rate, planned] = patient ? [60, 60] : [undefined, 160];
    const warnings: string[] = [];
    const { directory, verdict } = await runOnce({
      config: runConfig(append, "upsert", "serializable", { operations: planned, sessions: 4, rate, faults }),
      target: { url, server: null },
      settings: {},
      directory: join(temporaryDirectory(), "run"),
      model: undefined,
      clock,
      stop: new AbortController().signal,
      progress: () => undefined,
      warn: (sentence) => warnings.push(sentence),
    });
    const { history } = await loadHistory(join(directory, "history.jsonl"));
    const operations = Array.from({ length: history.length }, (_, row) => operationAt(history, row));

    const strikes = operations.filter(({ process, type }) => process === "nemesis" && type === "info");
    const did = strikes.flatMap(({ value }) => (value === null ? [] : [value as string]));
    const [says, cause] = expected[nemesis.name]!;
    expect(did.length).toBeGreaterThan(0);
    for (const sentence of did) expect(sentence).toMatch(says);

    const causes = operations.flatMap((operation) => causeOf(operation) ?? []);
    if (cause === undefined) expect(causes).not.toContain("connection-lost");
    else expect(causes).toContain(cause);
    if (nemesis.name.includes("commit")) {
      // Each one that was hit is in doubt, and nothing else is: no other process had to be replaced.
      const inDoubt = operations.filter(
        (operation) => operation.process !== "nemesis" && operation.type === "info",
      );
      expect(inDoubt.map(causeOf)).toEqual(did.map(() => cause));
    }
    expect(verdict.valid).toBe(true);
    expect(operations.at(-1)).toMatchObject({ f: "read-at-rest", type: "ok" });
    expect(warnings).toEqual([]);
  });
});

function causeOf({ error }: Operation): string | undefined {
  return (error as OperationError | undefined)?.cause;
}
