import { describe, expect, test } from "vitest";

import { benchPage } from "../../../src/report/bench/bench-page.ts";
import type { BenchCellView, BenchView, StandingView } from "../../../src/report/bench/bench-view.ts";

function cell(variant: string, perSecond: number, standing: StandingView): BenchCellView {
  const figure = { median: perSecond, min: perSecond / 2, max: perSecond * 2 };
  const latencyMs = { p50: figure, p95: figure, p99: { median: 1_000, min: 900, max: 1_100 } };
  return {
    database: "postgres",
    version: "18.4",
    isolation: "read-committed",
    contention: "high",
    parameters: {},
    variant,
    standing,
    ratio: { median: 1, min: 1, max: 1 },
    observed: [],
    throughput: figure,
    latencyMs,
    attemptMs: null,
    aborts: { "<deadlock>": 3 },
    committed: 10,
    retries: 5,
    lost: 0,
    lockWaits: null,
    lockWaitsUnknown: "the server does not say",
    rounds: [{ run: "runs/bench/1-a b" }],
  };
}

const view: BenchView = {
  workload: "counter",
  seed: "<1>",
  method: ["1 round & no more."],
  advice: [],
  cells: [
    cell("fast-and-wrong", 400, { kind: "wrong", anomalies: ["lost-update"], seen: "here" }),
    cell("clean", 200, { kind: "clean" }),
    cell("leaves-work-undone", 100, { kind: "loses", share: 0.07 }),
  ],
};
const page = benchPage(view, "runs/bench");

function numbers(pattern: RegExp): readonly number[] {
  return [...page.matchAll(pattern)].map(([, number]) => Number(number));
}

describe("the plots", () => {
  test("have one scale, in which the highest round and the slowest percentile just fit", () => {
    const [width = 0] = numbers(/<svg [^>]*width="(\d+)"/g);
    const [barsFrom = 0] = numbers(/<rect x="(\d+)"/g);
    // The spread's upper end is 800 operations per second for the fastest.
    expect(numbers(/<rect [^>]*width="([\d.]+)"/g)).toEqual([150, 75, 37.5]);
    expect(numbers(/<path d="M[\d.]+ 11H([\d.]+)M/g).map((x) => x - barsFrom)).toEqual([300, 150, 75]);
    const dots = numbers(/<circle cx="([\d.]+)"/g);
    expect(dots).toHaveLength(9);
    expect(Math.max(...dots)).toBeLessThan(width - 50);
    expect(Math.min(...dots)).toBeGreaterThan(barsFrom + 300 + 50);
  });

  test("leave the longest name its room", () => {
    const [barsFrom = 0] = numbers(/<rect x="(\d+)"/g);
    expect(barsFrom).toBeGreaterThanOrEqual("leaves-work-undone ?".length * 7);
  });

  test("tell by more than colour what is wrong", () => {
    const names = [...page.matchAll(/class="name">([^<]*)</g)].map(([, name]) => name);
    expect(names).toEqual(["fast-and-wrong ✗", "clean", "leaves-work-undone ?"]);
  });
});

test("every colour is the style sheet's, which has it for light and for dark", () => {
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  expect(page.replace(style, "")).not.toMatch(/#[\da-f]{3,6}|rgb\(/i);
  const [light = "", dark = ""] = style.split("@media (prefers-color-scheme: dark)");
  const used = new Set([...style.matchAll(/var\((--\w+)\)/g)].map(([, name]) => name));
  expect(used.size).toBeGreaterThan(5);
  for (const name of used) for (const scheme of [light, dark]) expect(scheme).toContain(`${name}: #`);
});

test("what is wider than a phone scrolls by itself", () => {
  expect(page.match(/<div class="wide"><(svg|table)/g)).toHaveLength(2);
  expect(page.match(/<svg /g)).toHaveLength(1);
});

test("text is escaped, runs are linked from where the page is, and what is missing is explained", () => {
  expect(page).toContain("seed &lt;1&gt;");
  expect(page).toContain("3 &lt;deadlock&gt;");
  expect(page).toContain("1 round &amp; no more.");
  expect(page).toContain('<a href="1-a%20b/history.jsonl">1</a>');
  expect(page).toContain("waiting -: the server does not say.");
});
