import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { temporaryDirectory } from "./runs.ts";

const root = resolve(import.meta.dirname, "../..");

/** What a run of vitest's came to. */
export interface VitestRun {
  readonly status: number | null;
  /** Both streams, without colours. */
  readonly output: string;
}

/**
 * A project of its own with one file of tests, `race.test.ts`, which imports isolab's source from `isolab/vitest`.
 *
 * @returns runs it, given what comes after `vitest run`, for a POSIX shell
 */
export function vitestProject(
  text: string,
): (words: string, env: Readonly<Record<string, string>>) => VitestRun {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "node_modules"));
  for (const name of ["pg", "vitest"])
    symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name));
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module" }));
  const source = JSON.stringify(join(root, "src/vitest.ts"));
  writeFileSync(join(directory, "race.test.ts"), text.replaceAll('"isolab/vitest"', source));
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  return (words, env) => {
    const { status, stdout, stderr } = spawnSync(
      "sh",
      ["-c", `exec "$0" "$1" run ${words}`, process.execPath, vitest],
      {
        cwd: directory,
        encoding: "utf8",
        // The runner of this test is none of the project's.
        env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", ...env },
      },
    );
    return { status, output: stdout + stderr };
  };
}
