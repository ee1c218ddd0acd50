import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";

import { expectedAt } from "../../src/workload/expectation.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { targets } from "../support/golden-schedules.ts";
import { isolationPage, measured } from "../support/isolation-page.ts";

const folder = resolve(import.meta.dirname, "../../workloads");
const workloads = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map(async (name) => ((await import(resolve(folder, name))) as { default: Workload }).default),
);

test("the page tells what was measured", async () => {
  const file = resolve(import.meta.dirname, "../../docs/isolation.md");
  const config = await resolveConfig(file);
  await expect(await format(isolationPage(workloads), { ...config, parser: "markdown" })).toMatchFileSnapshot(
    file,
  );
});

test.each(workloads.map((workload) => [workload.name, workload] as const))(
  "what %s declares today is what was measured",
  (name, workload) => {
    const declared = Object.entries(workload.variants).flatMap(([variant, { levels, expect: rules }]) =>
      targets
        .filter(({ isolation }) => levels === undefined || levels.includes(isolation))
        .map((target) => {
          const settings =
            target.set ?? (target.db === "mariadb" ? { innodb_snapshot_isolation: "OFF" } : {});
          const database = { kind: target.db, settings };
          const { must, never } = expectedAt(rules, { database, isolation: target.isolation });
          return { variant, target: target.name, must, never };
        }),
    );
    const told = measured.cells
      .filter((cell) => cell.workload === name)
      .map(({ variant, target, shows, never }) => ({
        variant,
        target,
        must: Object.keys(shows).sort(),
        never,
      }));
    expect(told).toEqual(declared);
  },
);
