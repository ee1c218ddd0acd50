import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { entries } from "../support/entries.ts";

const root = resolve(import.meta.dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "isolab-packed-"));
const project = join(directory, "project");

const bin = "node_modules/isolab/dist/src/cli/main.js";
const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--no-save", "--loglevel=error"];

const program = `
import { defineWorkload } from "isolab";
import { check, loadHistory } from "isolab/check";
import { shows } from "isolab";

const { history } = await loadHistory("skew.jsonl");
const { valid, anomalyTypes } = check(history, { model: "serializable" });
console.log(JSON.stringify([typeof defineWorkload, valid, anomalyTypes, shows(history, "write-skew").holds]));
`;

const typed = `
import { defineConfig, defineWorkload, type IsolabConfig } from "isolab";
import { check, type CheckOptions, historyBuilder, type Verdict } from "isolab/check";
import { type Answer, historyMatchers, satisfies } from "isolab";

const options: CheckOptions = { model: "serializable" };
export const verdict: Verdict = check(historyBuilder(null).build(), options);
export const answer: Answer = satisfies(verdict, "SI");
export const config: IsolabConfig = defineConfig({ workloads: [] });
export const all = [defineWorkload, historyMatchers.toShow];
// @ts-expect-error a model is a name
check(historyBuilder(null).build(), { model: 3 });
`;

const withVitest = `
import "isolab/vitest";
import { expect, test } from "vitest";

test("the history shows what it shows", () => {
  expect("skew.jsonl").toShow("write-skew");
  expect("skew.jsonl").not.toBeSerializable();
  expect("skew.jsonl").toSatisfy("snapshot-isolation");
  expect(4).toSatisfy((value: number) => value > 3);
});
`;

beforeAll(() => {
  expect(entries()).not.toEqual([]);
  mkdirSync(project);
  // Not to be built again: other tests read what is built.
  succeed("npm", ["pack", "--ignore-scripts", "--pack-destination", directory], root);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const others = ["vitest", "typescript", "@types/node"].map((name) => `${name}@${versionHere(name)}`);
  succeed("npm", [...install, `../isolab-${versionOf(root)}.tgz`, ...others], project);
  copyFileSync(join(root, "histories/list-write-skew.jsonl"), join(project, "skew.jsonl"));
  writeFileSync(join(project, "main.mjs"), program);
  writeFileSync(join(project, "typed.ts"), typed);
  writeFileSync(join(project, "history.test.ts"), withVitest);
}, 300_000);

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("npx finds the command", () => {
  const { stdout } = succeed("npx", ["--no-install", "isolab", "--version"], project);
  expect(stdout.trim()).toBe(versionOf(root));
});

test("every entry that is exported is there", () => {
  const names = entries().map(({ specifier }) => specifier);
  // A test runner's entry works inside of the runner; it only has to be found.
  const script = `console.log(JSON.stringify(${JSON.stringify(names)}.map((name) => import.meta.resolve(name))))`;
  const { stdout } = succeed(process.execPath, ["--input-type=module", "-e", script], project);
  expect(JSON.parse(stdout)).toHaveLength(names.length);
});

test.each([
  ["nodenext", "nodenext"],
  ["bundler", "esnext"],
])(
  "a strict project that resolves by %s compiles, the declarations checked as well",
  (resolution, module) => {
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          noEmit: true,
          target: "es2023",
          module,
          moduleResolution: resolution,
          types: ["node"],
        },
        files: ["typed.ts", "history.test.ts"],
      }),
    );
    succeed(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], project);
  },
);

test.for(["20", "22", "24"])(
  "on Node %s it judges, runs under vitest and finds a race",
  { timeout: 180_000 },
  (major, { skip }) => {
    const node = nodeOf(major);
    if ("missing" in node) {
      skip(`Node ${major} cannot be had: ${node.missing}`);
      return;
    }
    const run = (...args: readonly string[]): string => succeed(node.path, args, project).stdout;
    expect(run("--version")).toMatch(`v${major}.`);
    expect(run("main.mjs")).toBe('["function",false,["G2-item"],true]\n');
    expect(run("node_modules/vitest/vitest.mjs", "run", "--reporter=json")).toContain('"numPassedTests":1');
    // On a PostgreSQL of its own, from the package's optional dependency.
    const explored = spawnSync(node.path, [bin, "explore", "--seed", "1", "--json"], {
      cwd: project,
      encoding: "utf8",
    });
    expect(explored.stderr + explored.stdout).toContain('"anomaly":"duplicate-version"');
    expect(explored.status).toBe(1);
  },
);

/** A Node of that major version: this one, or the package that holds the binary for this machine. */
function nodeOf(major: string): { readonly path: string } | { readonly missing: string } {
  if (process.versions.node.startsWith(`${major}.`)) return { path: process.execPath };
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(directory, `node-${major}`);
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true }));
  const { status, stderr } = spawnSync("npm", [...install, `${name}@${major}`], {
    cwd: home,
    encoding: "utf8",
  });
  const path = join(home, "node_modules", name, "bin/node");
  return status === 0 && existsSync(path) ? { path } : { missing: stderr.split("\n")[0] ?? "" };
}

function succeed(command: string, args: readonly string[], cwd: string): { readonly stdout: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  expect(status, `${command} ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return { stdout };
}

function versionHere(name: string): string {
  return versionOf(join(root, "node_modules", name));
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}
