import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { EnvironmentError } from "../../src/clients/database-error.ts";
import { createRunDirectory, linkLatest, runStamp, writeRunFile } from "../../src/runner/run-directory.ts";
import { temporaryDirectory } from "../support/runs.ts";

test("a directory that holds a run is never written over", () => {
  const directory = join(temporaryDirectory(), "run");
  createRunDirectory(directory);
  writeRunFile(directory, "plan.json", "mine");
  expect(() => createRunDirectory(directory)).toThrow(/holds a run already/);
  expect(readFileSync(join(directory, "plan.json"), "utf8")).toBe("mine");
});

test("a path through a file is refused with one sentence", () => {
  const file = join(temporaryDirectory(), "file");
  writeFileSync(file, "");
  expect(() => createRunDirectory(join(file, "run"))).toThrow(EnvironmentError);
  expect(() => createRunDirectory(join(file, "run"))).toThrow(/a part of the path is a file/);
});

test("a file is written whole or not at all", () => {
  const directory = temporaryDirectory();
  expect(() => {
    writeRunFile(join(directory, "missing"), "verdict.json", "{}");
  }).toThrow(EnvironmentError);
  expect(existsSync(join(directory, "missing"))).toBe(false);
});

test("latest points at the newest run", () => {
  const directory = temporaryDirectory();
  for (const name of ["first", "second"]) linkLatest(createRunDirectory(join(directory, name)));
  expect(readlinkSync(join(directory, "latest"))).toBe("second");
});

test("a stamp sorts by time", () => {
  expect(runStamp(new Date(Date.UTC(2030, 0, 2, 3, 4, 5)))).toBe("20300102-030405");
});
