import { expect, test } from "vitest";

import type { Availability, AvailabilityFault } from "../../../src/checkers/availability/availability.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import { availabilityText } from "../../../src/report/terminal/availability.ts";
import { outcomesText } from "../../../src/report/terminal/outcomes.ts";
import { plain } from "../../../src/report/terminal/style.ts";
import { verdictText } from "../../../src/report/terminal/verdict.ts";

const none = { happened: 0, didNot: 0, unknowable: 0, readOnly: 0 };

test("unknown outcomes are one line, without what did not occur", () => {
  expect(outcomesText({ happened: 7, didNot: 4, unknowable: 1, readOnly: 2 })).toBe(
    "14 operations of unknown outcome: 7 happened, 4 did not, 1 cannot be known, 2 only read",
  );
  expect(outcomesText({ ...none, didNot: 1 })).toBe("1 operation of unknown outcome: 1 did not");
});

function fault(f: string, fromMs: number, toMs: number, recoveryMs: number | null): AvailabilityFault {
  return { f, did: "done", fromMs, toMs, recoveryMs };
}

const measured = (ok: readonly number[], faults: readonly AvailabilityFault[]): Availability => ({
  fromMs: 1_000,
  bucketMs: 500,
  buckets: ok.map((committed) => ({ ok: committed, fail: 0, info: 0, latencyMs: null })),
  faults,
});

test("throughput is a curve, with the faults under it and the slowest recovery of each kind", () => {
  const faults = [
    fault("kill-server", 2_000, 2_010, 1_240.2),
    fault("kill-server", 4_400, 4_410, 12),
    fault("pause-server", 3_000, 4_000, 3.5),
  ];
  expect(availabilityText(measured([8, 16, 1, 0, 4, 8, 12, 16], faults), plain)).toBe(
    [
      "ok/s      ▄█▁ ▂▄▆█ 32 at most",
      "faults      ▲ ▲─▲",
      "recovery  kill-server 1,241 ms (slowest of 2), pause-server 4 ms",
    ].join("\n"),
  );
});

test("a kind after which nothing was committed comes first, and few kinds are shown", () => {
  const kinds = ["a", "b", "c", "d", "e"].map((f, number) => fault(f, 1_000, 1_000, number));
  const text = availabilityText(measured([1], [...kinds, fault("f", 1_000, 1_000, null)]), plain);
  expect(text).toContain("f: nothing committed afterwards, e 4 ms, d 3 ms, c 2 ms, 2 kinds more");
});

test("a long run is drawn in 60 columns, and a rate below ten keeps a digit", () => {
  const text = availabilityText(
    measured(
      Array.from({ length: 600 }, () => 1),
      [fault("a", 300_900, 0, 1)],
    ),
    plain,
  );
  expect(text?.split("\n")[0]).toBe(`ok/s      ${"█".repeat(60)} 2 at most`);
  expect(text?.split("\n")[1]).toBe(`faults    ${" ".repeat(59)}▲`);
  expect(availabilityText({ ...measured([1], [fault("a", 0, 0, 1)]), bucketMs: 800 }, plain)).toContain(
    "1.3 at most",
  );
});

test("nothing is drawn where no fault struck, or nothing ever completed", () => {
  const missed = [
    { ...fault("a", 0, 1, null), did: null },
    { ...fault("a", 0, 1, null), did: "failed" },
  ];
  expect(availabilityText(measured([1], missed), plain)).toBeUndefined();
  expect(availabilityText(measured([], [fault("a", 0, 1, null)]), plain)).toBeUndefined();
  expect(availabilityText(measured([0, 0], [fault("a", 0, 1, null)]), plain)).toContain("0 at most");
});

test("they end a verdict, four lines at most", () => {
  const verdict: Verdict = {
    valid: true,
    model: "read-committed",
    anomalyTypes: [],
    observed: [],
    not: [],
    alsoNot: [],
    anomalies: {},
    notes: ["a note"],
    counts: { ok: 1, fail: 0, info: 0, byF: {} },
  };
  const outcomes = { ...none, happened: 1 };
  const availability = measured([1, 2], [fault("a", 1_000, 1_100, 5)]);
  const before = verdictText(verdict, plain);
  expect(before).toMatch(/Note: a note$/);
  expect(verdictText({ ...verdict, outcomes, availability }, plain)).toBe(
    `${before}\n\n${outcomesText(outcomes)}\n${availabilityText(availability, plain) ?? ""}`,
  );
  expect(verdictText({ ...verdict, availability: { ...availability, faults: [] } }, plain)).toBe(before);
});
