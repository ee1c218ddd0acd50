import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { cli } from "../../src/cli/cli.ts";
import { witnessDirectory } from "../../src/cli/save-witnesses.ts";
import { explain } from "../../src/checkers/explain/explain.ts";

let stdout = "";
let stderr = "";

beforeEach(() => {
  [stdout, stderr] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

test("explain prints what a name stands for", async () => {
  await cli(["explain", "lost-update"]);
  expect(process.exitCode).toBe(0);
  expect(stdout).toMatch(/^lost-update .*an anomaly.*P4/);
  expect(stdout).toContain("read x → []");
  expect(stdout).toContain("Who prevents it");
});

test("explain --json prints the explanation as data", async () => {
  await cli(["explain", "SI", "--json"]);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(explain("snapshot-isolation"))));
});

test("a name that does not exist is bad usage, with the nearest ones", async () => {
  await cli(["explain", "lost-updte"]);
  expect(process.exitCode).toBe(254);
  expect(stdout).toBe("");
  expect(stderr).toMatch(
    /^isolab: there is no anomaly or model "lost-updte"; did you mean lost-update, [^\n]*\?\n$/,
  );
});

test("list names every anomaly and sums up every model", async () => {
  await cli(["list", "anomalies", "--json"]);
  const { anomalies } = JSON.parse(stdout) as { anomalies: { name: string; summary: string }[] };
  expect(anomalies.map(({ name }) => name)).toContain("G-single-item");
  stdout = "";
  await cli(["list", "models", "--json"]);
  const { models } = JSON.parse(stdout) as { models: { name: string; summary: string }[] };
  expect(models.map(({ name }) => name)).toContain("snapshot-isolation");
  expect([...anomalies, ...models].filter(({ summary }) => summary.length < 15)).toEqual([]);
});

test("witnesses of several files go to folders of their own", () => {
  expect(witnessDirectory("out", ["a/h.jsonl"], "a/h.jsonl")).toBe("out");
  const files = ["a/h.jsonl", "b/h.jsonl", "-"];
  expect(files.map((file) => witnessDirectory("out", files, file))).toEqual([
    "out/1-h",
    "out/2-h",
    "out/3-stdin",
  ]);
});
