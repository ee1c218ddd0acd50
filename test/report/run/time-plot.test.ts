import { describe, expect, test } from "vitest";

import { barPlot } from "../../../src/report/run/bar-plot.ts";
import { timePlot } from "../../../src/report/run/time-plot.ts";

const plot = { fromMs: 0, bucketMs: 100, bands: [], unit: "/s", label: "attempts" };

function paths(svg: string): readonly string[] {
  return [...svg.matchAll(/<path class="curve ok" d="([^"]*)"\/>(?!<text)/g)].flatMap(([, d]) => d ?? []);
}

describe("a plot over time", () => {
  test("goes from the bottom for nothing to the top for the highest, left to right", () => {
    const [d = ""] = paths(timePlot({ ...plot, curves: [{ name: "ok", values: [0, 50, 100, 0] }] }));
    const points = d
      .split(/[ML]/)
      .slice(1)
      .map((pair) => pair.split(" ").map(Number));
    expect(points.map(([, y]) => y)).toEqual([176, 102, 28, 176]);
    const xs = points.map(([x = 0]) => x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  });

  test("breaks off where nothing was measured", () => {
    const [d = ""] = paths(
      timePlot({ ...plot, curves: [{ name: "ok", values: [1, 2, null, null, 1, null] }] }),
    );
    expect(d.replaceAll(/[\d. ]/g, "")).toBe("MLMh");
  });

  test("shades faults within the time that is shown, and says what each was", () => {
    const bands = [
      { from: -500, to: 50, title: "a <b>" },
      { from: 100, to: 100, title: "an instant" },
      { from: 150, to: 99_999, title: "never over" },
    ];
    const svg = timePlot({ ...plot, bands, curves: [{ name: "ok", values: [1, 1] }] });
    const shades = [...svg.matchAll(/<rect class="band" x="([\d.]+)" y="28" width="([\d.]+)"/g)];
    expect(shades.map(([, x, width]) => [Number(x), Number(width)])).toEqual([
      [68, 91],
      [250, 1.5],
      [341, 91],
    ]);
    expect(svg).toContain("<title>a &lt;b&gt;</title>");
  });

  test("says the highest values to those who do not see it", () => {
    const curves = [{ name: "ok", values: [1_234, 5] }];
    expect(timePlot({ ...plot, curves })).toContain('aria-label="attempts; ok at most 1,234/s"');
  });

  test("on a logarithmic scale gives each power of ten the same height", () => {
    const svg = timePlot({ ...plot, isLogarithmic: true, curves: [{ name: "ok", values: [1, 10, 100] }] });
    const [d = ""] = paths(svg);
    expect(
      d
        .split(/[ML]/)
        .slice(1)
        .map((pair) => Number(pair.split(" ")[1])),
    ).toEqual([176, 102, 28]);
  });
});

test("the longest bar is as wide as there is room, and every one is seen", () => {
  const html = barPlot([
    { name: "<a>", value: 1_000, text: "1,000" },
    { name: "b", value: 1, text: "1" },
  ]);
  expect([...html.matchAll(/<rect width="([\d.]+)"/g)].map(([, width]) => width)).toEqual(["100.0", "0.5"]);
  expect(html).toContain("&lt;a&gt;");
});
