import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

import { temporaryDirectory } from "../support/runs.ts";

const root = resolve(import.meta.dirname, "../..");

test("docs/api says what the docstrings say, and every public export has one", () => {
  const out = temporaryDirectory();
  const typedoc = resolve(root, "node_modules/typedoc/bin/typedoc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, "--out", out], {
    cwd: root,
    encoding: "utf8",
  });
  // What is not documented, or named without being exported, is a warning there, and makes it fail.
  expect(status, stdout + stderr).toBe(0);
  expect(pagesIn(join(root, "docs/api")), "npm run docs:api writes them").toEqual(pagesIn(out));
});

function pagesIn(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
