import { resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";

import { explain } from "../../../src/checkers/explain/explain.ts";
import { anomalyNames } from "../../../src/checkers/explain/known-names.ts";
import { modelDescriptions } from "../../../src/checkers/models/descriptions/model-descriptions.ts";
import { examples } from "../../../src/checkers/models/descriptions/examples/examples.ts";
import { handbook } from "../../../src/report/explanation/handbook.ts";
import { scheduleRows } from "../../../src/report/explanation/schedule.ts";
import { explanationText } from "../../../src/report/explanation/text.ts";
import { wrap } from "../../../src/report/explanation/wrap.ts";
import { plain } from "../../../src/report/terminal/style.ts";

const root = resolve(import.meta.dirname, "../../..");

test.each(["G-single-item", "G2", "duplicate-version", "snapshot-isolation", "read-your-writes"])(
  "%s as text",
  async (name) => {
    await expect(explanationText(explain(name)!, plain)).toMatchFileSnapshot(`snapshots/${name}.txt`);
  },
);

test("docs/anomalies.md is what the handbook says; vitest -u writes it anew", async () => {
  const file = resolve(root, "docs/anomalies.md");
  const config = await resolveConfig(file);
  await expect(await format(handbook(), { ...config, parser: "markdown" })).toMatchFileSnapshot(file);
});

test("every name is rendered, in lines that fit a terminal", () => {
  for (const name of [...anomalyNames, ...Object.keys(modelDescriptions)]) {
    const text = explanationText(explain(name)!, plain);
    expect(text, name).toContain("Sources");
    expect(text, name).not.toMatch(/undefined|\[object/);
    const wide = text.split("\n").filter((line) => line.length > 120);
    expect(wide, name).toEqual([]);
  }
});

test("a schedule is in lock-step: one session acts per row, in its own column", () => {
  for (const [name, example] of Object.entries(examples)) {
    const [head, ...rows] = scheduleRows(example);
    expect(rows, name).toHaveLength(example.steps.length);
    rows.forEach(([at, ...cells], i) => {
      expect(at).toBe(`${i + 1}`);
      const [session] = example.steps[i]!;
      const busy = cells.flatMap((cell, column) => (cell === "" ? [] : [head![column + 1]]));
      expect(busy, `${name}, step ${at}`).toEqual([`session ${session}`]);
    });
  }
});

test("text is broken at blanks only", () => {
  expect(wrap("a bb ccc incomprehensible d", 6)).toEqual(["a bb", "ccc", "incomprehensible", "d"]);
  expect(wrap("", 6)).toEqual([]);
});
