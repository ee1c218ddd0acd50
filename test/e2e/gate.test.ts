import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { Baseline } from "../../src/campaign/gate/baseline.ts";
import { isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";
import { parseXml } from "../support/xml.ts";

function project(config: string): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "isolab.config.ts"), config);
  return directory;
}

const config = (db: string): string => `
  import { defineConfig } from "isolab";
  export default defineConfig({
    workloads: ["register:naive", "register:unique"],
    isolation: ["read-committed"],
    targets: [{ db: "${db}" }],
    stress: { operations: 60 },
  });
`;

test.each(["postgres", "mariadb"])(
  "on %s a baseline is written, held to, and a regression turns the gate red with the way to show it again",
  { timeout: 120_000 },
  async (db) => {
    const directory = project(config(db));
    const none = await isolab(["gate"], directory);
    expect([none.code, none.stderr]).toEqual([
      254,
      "isolab: there is no baseline at isolab.baseline.json: write one with isolab gate --update\n",
    ]);

    const written = await isolab(["gate", "--update"], directory);
    expect(written.code).toBe(0);
    const naive = `${db} register:naive read-committed`;
    expect(written.stdout).toContain(`+ ${naive}: `);
    const file = join(directory, "isolab.baseline.json");
    const baseline = JSON.parse(readFileSync(file, "utf8")) as Baseline;
    expect(baseline.cells[naive]?.expected).toContain("duplicate-version");
    expect(baseline.cells[`${db} register:unique read-committed`]).toEqual({ expected: [], allowed: [] });

    const held = await isolab(["gate", "--strict", "--junit", "out/gate.xml"], directory);
    expect([held.code, held.stderr]).toEqual([0, ""]);
    expect(parseXml(readFileSync(join(directory, "out/gate.xml"), "utf8")).name).toBe("testsuites");

    // As if the naive variant had been a right one when the baseline was written.
    const cells = { ...baseline.cells, [naive]: { expected: [], allowed: [] } };
    writeFileSync(file, JSON.stringify({ ...baseline, cells }));
    const red = await isolab(["gate"], directory);
    expect(red.code).toBe(1);
    expect(red.stdout).toContain(
      "duplicate-version showed in the search, and the baseline does not allow it",
    );
    const replay = /Show it again: npx isolab (.*)/.exec(red.stdout)?.[1]?.split(" ") ?? [];
    const again = await isolab(replay, directory);
    expect(again.stdout).toContain("duplicate-version");
    expect(again.code).toBe(0);
  },
);

test.each(serverUrls())(
  "a $kind of the user's stands in the baseline by its name, and its URL nowhere",
  { timeout: 120_000 },
  async ({ url }) => {
    const directory = project(`
      import { defineConfig } from "isolab";
      export default defineConfig({
        workloads: ["register:unique"],
        isolation: ["read-committed"],
        targets: [{ name: "service", url: process.env.DATABASE_URL ?? "" }],
        explore: { schedules: 5 },
        stress: { operations: 40 },
      });
    `);
    process.env.DATABASE_URL = url;
    try {
      const outputs = ["--junit", "gate.xml", "--markdown", "gate.md"];
      expect((await isolab(["gate", "--update"], directory)).code).toBe(0);
      const { code, stdout, stderr } = await isolab(["gate", "--strict", ...outputs], directory);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("✓ service register:unique read-committed");
      const files = ["isolab.baseline.json", "gate.xml", "gate.md"];
      const texts = [stdout, ...files.map((name) => readFileSync(join(directory, name), "utf8"))];
      const { password } = new URL(url);
      expect(password).not.toBe("");
      for (const text of texts) {
        expect(text).toContain("service");
        expect(text).not.toContain(password);
      }
    } finally {
      delete process.env.DATABASE_URL;
    }
  },
);

test.each([
  ["export default 1", /isolab\.config: the config must be an object/],
  ["export const nothing = 1", /has no part "nothing"/],
  ["export default { workloads: ['nothing'] }", /there is no workload "nothing"/],
  ["export default {", /cannot be loaded/],
])("a config that says %j is refused with one sentence and 254", async (text, sentence) => {
  const directory = project(text);
  writeFileSync(join(directory, "isolab.baseline.json"), '{"isolab":1,"versions":{},"cells":{}}');
  const { code, stderr } = await isolab(["gate"], directory);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(code).toBe(254);
});

test("without a config there is a sentence", async () => {
  const { code, stderr } = await isolab(["gate"], temporaryDirectory());
  expect([code, stderr]).toEqual([
    254,
    "isolab: there is no isolab.config.ts here: isolab init writes one, or name it with --config\n",
  ]);
});
