import { expect, test } from "vitest";

import { uniqueIds } from "../../../src/checkers/domain/unique-ids.ts";
import type { OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function draw(id: number, attempt: string, type: OperationType = "ok", series = "series/1"): Event {
  return { process: 1, type, f: "draw", value: [], data: { handed: { [series]: [id, attempt] } } };
}

const found = (...events: Event[]): ReturnType<typeof uniqueIds.check>["anomalies"] =>
  uniqueIds.check(fromEvents(events)).anomalies;

test("an id that two were handed names both", () => {
  const [witness] = found(draw(1, "a"), draw(2, "b"), draw(1, "c"))["duplicate-id"] ?? [];
  expect(witness?.explanation).toBe("id 1 of series/1 was handed to a (index 0) and to c (index 2)");
  expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 2]);
});

test("whoever did not surely commit, and another series, may have the same id", () => {
  expect(
    found(draw(1, "a"), draw(1, "b", "fail"), draw(1, "c", "info"), draw(1, "d", "ok", "series/2")),
  ).toEqual({});
});
