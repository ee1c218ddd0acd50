/**
 * Tests the packages under examples/ as their users would: isolab is packed, a workspace in a temporary folder gets
 * the tarball and copies of the examples, `npm install` installs them all, and `vitest run` runs their tests on
 * servers of their own; those of the example for jest are run by jest. Prints a line for each example and, last,
 * "N passed, N failed".
 *
 * `node scripts/test-examples.mjs [--keep] [--tarball FILE] [NAME…]`: only the examples named; keep the folder;
 * take a package that is packed already. isolab must be built before (`npm run build`).
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: "boolean", default: false }, tarball: { type: "string" } },
});

const workspace = mkdtempSync(join(tmpdir(), "isolab-examples-"));
try {
  process.exitCode = testExamples(positionals.length === 0 ? everyExample() : positionals);
} finally {
  if (values.keep) console.log(`kept: ${workspace}`);
  else rmSync(workspace, { recursive: true, force: true });
}

/** Answers the exit code. */
function testExamples(names) {
  const tarball = values.tarball === undefined ? pack() : resolve(values.tarball);
  layOut(names, tarball);
  timed("npm install", () => run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"]));
  if (names.includes("prisma")) {
    timed("prisma generate", () => run("npx", ["prisma", "generate"], examplePath("prisma")));
  }
  timed("type check", () => run("npx", ["tsc", "-p", "examples/tsconfig.json"]));
  return runTests(names);
}

function everyExample() {
  const folders = readdirSync(join(root, "examples"), { withFileTypes: true });
  return folders.flatMap(({ name }) =>
    existsSync(join(root, "examples", name, "package.json")) ? [name] : [],
  );
}

/** The tarball's path. Scripts are left out: `prepare` would build again. */
function pack() {
  if (!existsSync(join(root, "dist"))) throw new Error("isolab is not built: npm run build");
  const packed = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", workspace], root);
  return join(workspace, JSON.parse(packed)[0].filename);
}

function layOut(names, tarball) {
  cpSync(join(root, "examples", "tsconfig.json"), join(workspace, "examples", "tsconfig.json"));
  for (const name of names) {
    cpSync(join(root, "examples", name), examplePath(name), {
      recursive: true,
      filter: (path) => basename(path) !== "node_modules",
    });
    const manifest = readJson(join(examplePath(name), "package.json"));
    manifest.devDependencies.isolab = `file:${tarball}`;
    writeFileSync(join(examplePath(name), "package.json"), JSON.stringify(manifest));
  }
  const { typescript, "@types/node": types } = readJson(join(root, "package.json")).devDependencies;
  const manifest = {
    private: true,
    type: "module",
    workspaces: ["examples/*"],
    devDependencies: { typescript, "@types/node": types },
  };
  writeFileSync(join(workspace, "package.json"), JSON.stringify(manifest));
}

/** Runs all tests and prints what became of each example. */
function runTests(names) {
  const withVitest = names.filter((name) => name !== "jest");
  const runs = [
    ...(withVitest.length === 0 ? [] : [runVitest()]),
    ...(names.includes("jest") ? [runJest()] : []),
  ];
  const testResults = runs.flatMap((run) => run.testResults);
  const tallies = names.map((name) => tallyOf(name, testResults));
  for (const { name, passed, failed, seconds } of tallies) {
    console.log(`${name.padEnd(12)} ${passed} passed, ${failed} failed  ${seconds} s`);
  }
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  const ranAll = tallies.every(({ passed, failed }) => passed + failed > 0);
  return runs.every(({ status }) => status === 0) && ranAll ? 0 : 1;
}

/** All that are vitest's at once. */
function runVitest() {
  const report = join(workspace, "report.json");
  const limits = ["--testTimeout=60000", "--hookTimeout=120000", "--exclude=examples/jest/**"];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return reported(start("npx", ["vitest", "run", ...limits, ...reporters], workspace), report);
}

/** As its user would; jest writes the same report. */
function runJest() {
  const report = join(workspace, "report-jest.json");
  const args = ["test", "--", "--json", `--outputFile=${report}`];
  return reported(start("npm", args, examplePath("jest")), report);
}

function reported({ status, stdout, stderr }, report) {
  if (status !== 0) console.log(shortLines(stdout + stderr));
  return { status, testResults: existsSync(report) ? readJson(report).testResults : [] };
}

/** vitest prints the whole of an error's objects in one line. */
function shortLines(text) {
  return text.replaceAll(/^(.{500}).+$/gm, "$1 …");
}

/** A file that could not be loaded has no tests: it counts as one that failed. */
function tallyOf(name, testResults) {
  const files = testResults.filter((file) => dirname(file.name) === join(examplePath(name), "test"));
  const tests = files.flatMap(({ assertionResults, status }) =>
    assertionResults.length === 0 && status === "failed" ? [{ status }] : assertionResults,
  );
  const passed = tests.filter(({ status }) => status === "passed").length;
  const ms = files.reduce((total, { startTime, endTime }) => total + endTime - startTime, 0);
  return { name, passed, failed: tests.length - passed, seconds: (ms / 1000).toFixed(1) };
}

function examplePath(name) {
  return join(workspace, "examples", name);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function timed(what, body) {
  const start = performance.now();
  body();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** What the command prints. Ends with all its output when it fails. */
function run(command, args, cwd = workspace) {
  const { status, stdout, stderr } = start(command, args, cwd);
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}

function start(command, args, cwd) {
  // `prisma generate` fetches an engine that it does not use, unless it is told of one.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const ended = spawnSync(command, args, { cwd, env, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (ended.error) throw ended.error;
  return ended;
}
