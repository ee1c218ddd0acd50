import { describe, expect, test } from "vitest";

import { passing } from "../../../src/report/browser/filter.ts";
import { across, nearest, neighbour } from "../../../src/report/browser/find.ts";
import { densityOf, extentOf, modelOf } from "../../../src/report/browser/model.ts";
import { cellsOf, durationText, momentText } from "../../../src/report/browser/words.ts";
import { collectTimeline } from "../../../src/report/run/collect-timeline.ts";
import { lostUpdate } from "../run/runs.ts";

const data = collectTimeline({
  history: lostUpdate().history(),
  sessions: 3,
  schedule: undefined,
  marked: new Set([2, 3]),
  most: 1_000,
});
const model = modelOf(data);
const every = new Uint8Array(model.count).fill(1);
const all = { key: "", lane: undefined, outcomes: [true, true, true], onlyMarked: false };
const count = (filter: object): number =>
  passing(model, { ...all, ...filter }).filter((bit) => bit === 1).length;

describe("a filter", () => {
  test("by key takes a key that is named exactly alone, else those that contain the text", () => {
    expect(count({ key: "x" })).toBe(3);
    expect(count({ key: "y1" })).toBe(5);
    expect(count({ key: "Y" })).toBe(20);
    expect(count({ key: "nowhere" })).toBe(0);
  });

  test("by session, outcome and anomaly", () => {
    expect(count({})).toBe(model.count);
    expect(count({ lane: 3 })).toBe(1);
    expect(count({ outcomes: [false, true, true] })).toBe(2);
    expect(count({ onlyMarked: true })).toBe(2);
  });
});

describe("finding", () => {
  test("the operation under a moment, or the nearest within reach", () => {
    expect(nearest(model, every, 0, 5_000, 0)).toBe(0);
    expect(nearest(model, every, 0, 9_500, 600)).toBe(0);
    expect(nearest(model, every, 0, 9_700, 600)).toBe(-1);
    expect(nearest(model, new Uint8Array(model.count), 0, 5_000, 1e9)).toBe(-1);
  });

  test("neighbours in a lane and in other lanes, past what is filtered out", () => {
    const second = neighbour(model, every, 0, 1);
    expect(data.lane[second]).toBe(0);
    expect(neighbour(model, every, second, -1)).toBe(0);
    expect(neighbour(model, every, 0, -1)).toBe(-1);
    const masked = every.slice();
    masked[second] = 0;
    expect(neighbour(model, masked, 0, 1)).toBeGreaterThan(second);
    expect(across(model, every, 0, 1)).toBe(1);
    expect(across(model, every, 0, -1)).toBe(-1);
  });
});

test("words say moments with the precision of what is in view", () => {
  expect(momentText("us", 1_234_567, 10_000_000)).toBe("1.23 s");
  expect(momentText("us", 1_234, 1_500)).toBe("1.234 ms");
  expect(momentText("us", 12, 100)).toBe("12 µs");
  expect(momentText("step", 1_200, 1)).toBe("step 1,200");
  expect([durationText("us", -1), durationText("step", 1), durationText("step", 3)]).toEqual([
    "open",
    "1 step",
    "3 steps",
  ]);
  expect(cellsOf(model, 1)).toEqual([
    "3",
    "2 ms",
    "9 ms",
    "session 1",
    "txn",
    "ok",
    "read x → [], append 2 to x",
  ]);
});

test("the overview counts what begins in each part of the run", () => {
  // Of 401 ms in four parts: three at first, then one every 10 ms from 100 to 290, then the last four.
  expect([...densityOf(model, every, 4)]).toEqual([4, 10, 9, 4]);
  expect([...densityOf(model, new Uint8Array(model.count), 4)]).toEqual([0, 0, 0, 0]);
});

test("operations extend from the first begin to the last end", () => {
  expect(extentOf(model, [1, 0])).toEqual({ from: 1_000, to: 11_000 });
  expect(extentOf(model, [])).toBeUndefined();
});
