import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";

test("what init writes works as it is", { timeout: 120_000 }, async () => {
  const directory = temporaryDirectory();
  const { code, stdout } = await isolab(["init"], directory);
  expect(code).toBe(0);
  for (const name of ["isolab.config.ts", "workloads/coupons.ts", ".github/workflows/isolab.yml"])
    expect(stdout).toContain(`wrote ${name}`);
  const updated = await isolab(["gate", "--update"], directory);
  expect(updated.stdout).toContain("+ postgres coupons:naive read-committed: over-redeemed");
  expect(updated.stdout).toContain("+ postgres coupons:counted read-committed: nothing");
  expect(updated.code).toBe(0);
  const held = await isolab(["gate", "--strict"], directory);
  expect(held.code).toBe(0);
  // From elsewhere, the workload is still the config's.
  const elsewhere = await isolab(
    ["gate", "--strict", "--config", join(directory, "isolab.config.ts")],
    temporaryDirectory(),
  );
  expect(elsewhere.code).toBe(0);
});

test("init writes nothing where something is", async () => {
  const directory = temporaryDirectory();
  const config = join(directory, "isolab.config.ts");
  writeFileSync(config, "mine");
  const { code, stderr } = await isolab(["init", directory, "--ci", "gitlab"]);
  expect([code, stderr]).toEqual([254, `isolab: ${config} is there already: nothing was written\n`]);
  expect(readFileSync(config, "utf8")).toBe("mine");
  await expect(async () => readFileSync(join(directory, "workloads/coupons.ts"))).rejects.toThrow("ENOENT");
});

test("isolab completion prints a script", async () => {
  const { code, stdout } = await isolab(["completion"]);
  expect(stdout).toContain("completions");
  expect(code).toBe(0);
});
