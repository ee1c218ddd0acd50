import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";

import { bin } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";

const page = readFileSync("docs/ci.md", "utf8");

/** A shell whose `npx isolab` is the built command. */
function shell(
  directory: string,
): (script: string, env?: Record<string, string>) => ReturnType<typeof spawnSync> {
  const path = join(directory, "bin");
  mkdirSync(path);
  writeFileSync(join(path, "npx"), `#!/bin/sh\nshift\nexec ${process.execPath} ${bin} "$@"\n`);
  chmodSync(join(path, "npx"), 0o755);
  return (script, env = {}) =>
    spawnSync("sh", ["-c", script], {
      cwd: directory,
      encoding: "utf8",
      env: { ...process.env, ...env, PATH: `${path}:${process.env.PATH ?? ""}` },
    });
}

test("the Job's pods run all shards, one that is started again goes on, and they merge", () => {
  const directory = temporaryDirectory();
  const run = shell(directory);
  const [, pod = ""] = /args:\n\s+- \|\n(.*?)```/s.exec(page) ?? [];
  const [, merge = ""] = /```sh\n(npx isolab merge .*?)```/s.exec(page) ?? [];
  const here = (script: string): string => {
    const small = script
      .replaceAll("/matrix", directory)
      .replace("--db postgres", `--url ${inject("postgresUrl")} --sessions 1 --ops 5`)
      .replace("register,append", "register:naive");
    expect(small).toContain(directory);
    return small;
  };
  expect(pod).toContain("--shard");
  for (const index of ["0", "1", "2", "3"])
    expect(run(here(pod), { JOB_COMPLETION_INDEX: index }).status).toBe(0);
  const again = run(here(pod).replace('--resume "$out"', `--resume "$out" --url ${inject("postgresUrl")}`), {
    JOB_COMPLETION_INDEX: "2",
  });
  expect(again.stdout).toContain("shard-2");
  expect(again.status).toBe(0);
  const merged = run(`${here(merge).trim()} --json`);
  expect(merged.stderr).toBe("");
  expect((JSON.parse(String(merged.stdout)) as { cells: unknown[] }).cells).toHaveLength(4);
});

test("the workflow runs as many shards as it deals out, and merges what they upload", () => {
  const [, shards = ""] = /shard: \[([\d, ]+)\]/.exec(page) ?? [];
  const count = shards.split(",").length;
  expect(page).toContain(`--shard \${{ matrix.shard }}/${count}`);
  expect(page).toContain("pattern: shard-*");
  expect(page).toContain(`completions: ${count}`);
});
