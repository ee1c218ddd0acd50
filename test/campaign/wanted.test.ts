import { expect, test } from "vitest";

import { namedAnomalies, wantedAnomaly } from "../../src/campaign/wanted.ts";
import { check } from "../../src/checkers/check.ts";
import type { Verdict } from "../../src/checkers/verdict.ts";
import { historyBuilder } from "../../src/history/history-builder.ts";
import append from "../../workloads/append.ts";
import register from "../../workloads/register.ts";

const empty = check(historyBuilder(null).build(), { workload: "list-append" });

function verdict(observed: readonly string[], anomalyTypes: readonly string[] = []): Verdict {
  return { ...empty, observed, anomalyTypes };
}

test("what was asked for counts, and nothing else", () => {
  const seen = verdict(["G1c", "G2-item"], ["G1c"]);
  expect(wantedAnomaly(seen, { asked: ["G2-item"], named: ["G1c"] })).toBe("G2-item");
  expect(wantedAnomaly(seen, { asked: ["lost-update"], named: ["G1c"] })).toBeUndefined();
});

test("what is forbidden comes before what is allowed, whatever the workload names", () => {
  const seen = verdict(["G1c", "G2-item"], ["G1c"]);
  expect(wantedAnomaly(seen, { asked: [], named: ["G2-item"] })).toBe("G1c");
});

test("what is allowed counts where the workload is about it, or about nothing", () => {
  const seen = verdict(["G2"]);
  expect(wantedAnomaly(seen, { asked: [], named: ["duplicate-version"] })).toBeUndefined();
  expect(wantedAnomaly(seen, { asked: [], named: ["G2"] })).toBe("G2");
  expect(wantedAnomaly(seen, { asked: [], named: [] })).toBe("G2");
});

test("a workload names what its variants declare", () => {
  expect(namedAnomalies(register)).toEqual(["duplicate-version", "futile-retry"]);
  expect(namedAnomalies(append)).toEqual(expect.arrayContaining(["G2-item", "lost-update", "G1a"]));
});
