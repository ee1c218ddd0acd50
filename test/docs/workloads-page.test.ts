import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";

import { builtInWorkloads, loadWorkload } from "../../src/cli/load-workload.ts";
import { codeBlock, escaped, markdownTable } from "../../src/report/markdown/escape.ts";
import { withPart } from "./page-parts.ts";

const file = resolve(import.meta.dirname, "../../docs/workloads.md");
const example = readFileSync(resolve(import.meta.dirname, "../../docs/examples/coupons.ts"), "utf8");

test("the page shows the example as it is, and every workload and variant that there is", async () => {
  const config = await resolveConfig(file);
  const parts = { example: codeBlock(example.trimEnd().split("\n"), "ts"), table: await workloadTable() };
  const page = Object.entries(parts).reduce(withPart, readFileSync(file, "utf8"));
  await expect(await format(page, { ...config, parser: "markdown" })).toMatchFileSnapshot(file);
});

test("the example is a file of less than 60 lines", () => {
  expect(example.trimEnd().split("\n").length).toBeLessThan(60);
});

async function workloadTable(): Promise<string> {
  const loaded = await Promise.all(builtInWorkloads().map(loadWorkload));
  const rows = loaded.flat().map(({ workload, variantName, variant }) => {
    const named = variant.expect.flatMap(({ must = [], never = [] }) => [...must, ...never]);
    return [
      `[\`${workload.name}:${variantName}\`](../workloads/${workload.name}.ts)`,
      escaped(variant.summary),
      [...new Set(named)]
        .sort()
        .map((name) => `\`${name}\``)
        .join(", "),
    ];
  });
  return markdownTable(["workload", "what its transactions do", "what it is about"], rows);
}
