// Breaks each rule of the inference and of the cycle search in turn, and shows that some test notices.
//
//     node scripts/mutate-inference.mjs [WORD…]        only mutants whose name holds one of the words
//
// Works in temporary copies of the repository (node_modules by a link, no servers started), one for each
// of two lanes, and prints a table. Exits with 1 when a mutant survives though a
// test should notice it, when one is noticed that no test should, or when its text is not in the source.
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import ts from "typescript";

import { mutants } from "./mutants.mjs";

const root = resolve(import.meta.dirname, "..");
const words = process.argv.slice(2);
const chosen = mutants.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const lanes = 2;

/** A mutant that takes so many times as long as all tests of the source itself, and a minute, goes on for ever. */
const patience = 2;

/** The tests that try many random histories do so at a fraction of their size. */
const doubters = "0.3";

const unit = (name) => `test/checkers/infer/${name}.test.ts`;
const examples = [unit("fine-print"), "test/histories", "test/checkers/check.test.ts", "test/checkers/elle"];
const searches = ["test/checkers/cycles/find-cycles.test.ts", "test/checkers/graph", "test/checkers/explain"];
const doubts = ["test/checkers/doubt", "test/checkers/soundness.test.ts"];

const atRest = [
  "test/checkers/unknown-outcomes.test.ts",
  "test/checkers/domain/durability.test.ts",
  "test/checkers/at-rest/vanished-writes.test.ts",
];

/** The tests that concern a file, by where it is. Quick ones first: most mutants end in the first round. */
const rounds = {
  "models/": [["test/checkers/models"]],
  "domain/": [["test/checkers/domain"]],
  "biswas-enea/": [["test/checkers/biswas-enea/examples.test.ts"], ["test/checkers/biswas-enea"]],
  "infer/list": [[unit("list-append"), ...examples], doubts],
  "infer/set": [[unit("set"), ...examples], doubts],
  "infer/register": [
    [unit("register"), ...examples],
    ["test/checkers/infer", ...doubts],
  ],
  "infer/versioned": [
    [unit("versioned-register"), unit("closed-predicate"), ...examples],
    ["test/checkers/infer", ...doubts],
  ],
  "infer/predicate": [
    [unit("closed-predicate"), ...examples],
    ["test/checkers/infer", ...doubts],
  ],
  "infer/": [examples, ["test/checkers/infer", ...doubts]],
  "cycles/": [
    [...searches, ...examples],
    [...doubts, "test/checkers/cycles"],
  ],
  "elle/": [examples, doubts],
  "graph/": [
    [...searches, ...examples],
    [...doubts, "test/checkers/cycles"],
  ],
  "at-rest/": [atRest, ["test/checkers/at-rest"]],
  "availability/": [["test/checkers/availability"]],
  "unknown-outcomes": [atRest],
  faults: [[...atRest, "test/checkers/availability"]],
  check: [
    [...examples, "test/checkers/domain/durability.test.ts"],
    ["test/checkers/explain", ...doubts],
  ],
};

/** The end of what is said of a test file that broke before its first test: that proves nothing of a rule. */
const couldNotRun = " could not run";

/** When a round is ended; none while the source itself is tested. */
let limitMs;

const home = mkdtempSync(join(tmpdir(), "isolab-mutants-"));
try {
  process.exitCode = await run();
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function run() {
  const copies = Array.from({ length: lanes }, (_, lane) => copyOf(join(home, String(lane))));
  const needed = [...new Set(chosen.flatMap(({ file }) => roundsFor(file)).flat())];
  const begin = Date.now();
  const broken = await failure(copies[0], [needed]);
  if (broken !== null) {
    console.log(`Without any mutant a test fails already: ${broken}`);
    return 1;
  }
  limitMs = patience * (Date.now() - begin) + 60_000;
  const queue = chosen.values();
  const results = [];
  await Promise.all(
    copies.map(async (copy) => {
      for (const mutant of queue) {
        const result = await judge(copy, mutant);
        results.push(result);
        console.log(`${result.outcome.padEnd(10)} ${mutant.name.padEnd(64)} ${result.by}`);
      }
    }),
  );
  const count = (outcome) => results.filter((one) => one.outcome === outcome).length;
  const killed = count("killed");
  const equivalent = count("equivalent");
  console.log(`\n${killed} of ${results.length} mutants were killed, ${equivalent} change nothing.`);
  return killed + equivalent === results.length ? 0 : 1;
}

function copyOf(copy) {
  for (const name of ["src", "test", "histories", "docs", "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const resolution = { conditions: ["isolab-source"] };
  const config = {
    cacheDir: join(copy, "cache"),
    resolve: resolution,
    ssr: { resolve: resolution },
    test: {
      include: ["test/**/*.test.ts"],
      setupFiles: ["test/support/property-seed.ts"],
      // A busy machine must not pass for a test that noticed.
      testTimeout: 600_000,
      bail: 1,
      isolate: false,
      pool: "threads",
      maxWorkers: 1,
    },
  };
  writeFileSync(join(copy, "vitest.config.mjs"), `export default ${JSON.stringify(config)};\n`);
  return copy;
}

async function judge(copy, { file, find, replace, equivalent }) {
  const path = join(copy, "src/checkers", file);
  let source;
  try {
    source = readFileSync(path, "utf8");
  } catch {
    return { outcome: "stale", by: `there is no ${file}` };
  }
  const pattern = patternOf(find);
  if (!pattern.test(source)) return { outcome: "stale", by: `${file} does not hold: ${find}` };
  const broken = source.replace(pattern, () => replace);
  const { diagnostics = [] } = ts.transpileModule(broken, { reportDiagnostics: true });
  if (diagnostics.length > 0) return { outcome: "stale", by: `${file} is no program with: ${replace}` };
  writeFileSync(path, broken);
  try {
    const by = await failure(copy, roundsFor(file));
    if (by?.endsWith(couldNotRun)) return { outcome: "stale", by };
    if (equivalent === undefined)
      return by === null ? { outcome: "survived", by: "" } : { outcome: "killed", by };
    return by === null ? { outcome: "equivalent", by: equivalent } : { outcome: "noticed", by };
  } finally {
    writeFileSync(path, source);
  }
}

function roundsFor(file) {
  const [, found] = Object.entries(rounds).find(([beginning]) => file.startsWith(beginning)) ?? [];
  if (found === undefined) throw new Error(`which tests concern ${file}?`);
  return found;
}

/** The first test that fails, or null. */
async function failure(copy, paths) {
  for (const round of paths) {
    const { status, output } = await vitest(copy, round);
    if (status === 0) continue;
    return status === null ? "no end" : failedTest(copy, output);
  }
  return null;
}

function vitest(copy, paths) {
  const child = spawn(
    process.execPath,
    [join(copy, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json", ...paths],
    {
      cwd: copy,
      env: { ...process.env, ISOLAB_DOUBT: doubters },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: limitMs,
      killSignal: "SIGKILL",
    },
  );
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (status) => done({ status, output: Buffer.concat(chunks).toString() }));
  });
}

/** @throws SyntaxError when vitest itself failed and answered nothing: that proves nothing of the mutant. */
function failedTest(copy, output) {
  const { testResults } = JSON.parse(output.slice(output.indexOf("{")));
  for (const { name, status, assertionResults } of testResults) {
    const failed = assertionResults.find((one) => one.status === "failed");
    if (failed !== undefined) return `${name.slice(copy.length + 1)}: ${failed.fullName}`.slice(0, 120);
    if (status === "failed") return name.slice(copy.length + 1) + couldNotRun;
  }
  return "an error outside of tests";
}

/** Line breaks, indentation and trailing commas are the formatter's business. */
function patternOf(find) {
  const words = find.trim().split(/\s+/).map(escaped);
  return new RegExp(words.join("\\s+").replaceAll("\\(", "\\(\\s*").replaceAll("\\)", ",?\\s*\\)"), "g");
}

function escaped(text) {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}
