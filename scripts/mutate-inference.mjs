// Breaks each rule of the inference and of the cycle search in turn, and shows that some test notices.
//
//     node scripts/mutate-inference.mjs [WORD…]        only mutants whose name holds one of the words
//
// Works in a temporary copy of the repository (node_modules by a link, no servers started) and prints a
// table. Exits with 1 when a mutant survives, or when its text is no longer in the source.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { mutants } from "./mutants.mjs";

const root = resolve(import.meta.dirname, "..");
const words = process.argv.slice(2);
const chosen = mutants.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

/** Quick tests first, and the doubters at a fraction of their size: most mutants end early. */
const rounds = [
  ["test/histories"],
  ["test/checkers/doubt"],
  ["test/checkers/infer", "test/checkers/cycles", "test/checkers/graph", "test/checkers/check.test.ts"],
];

const copy = mkdtempSync(join(tmpdir(), "isolab-mutants-"));
try {
  process.exitCode = run();
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function run() {
  for (const name of ["src", "test", "histories", "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const conditions = '{ conditions: ["isolab-source"] }';
  const settings =
    '{ include: ["test/**/*.test.ts"], testTimeout: 60_000, bail: 1, isolate: false, pool: "threads" }';
  writeFileSync(
    join(copy, "vitest.config.mjs"),
    `export default { resolve: ${conditions}, ssr: { resolve: ${conditions} }, test: ${settings} };\n`,
  );

  const broken = failure();
  if (broken !== null) {
    console.log(`Without any mutant a test fails already: ${broken}`);
    return 1;
  }
  const results = chosen.map((mutant) => {
    const result = judge(mutant);
    console.log(`${result.outcome.padEnd(9)} ${mutant.name.padEnd(64)} ${result.by}`);
    return result;
  });
  const bad = results.filter(({ outcome }) => outcome !== "killed").length;
  console.log(`\n${results.length - bad} of ${results.length} mutants were killed.`);
  return bad === 0 ? 0 : 1;
}

function judge({ file, find, replace }) {
  const path = join(copy, "src/checkers", file);
  let source;
  try {
    source = readFileSync(path, "utf8");
  } catch {
    return { outcome: "stale", by: `there is no ${file}` };
  }
  // Line breaks and indentation are the formatter's business.
  const pattern = new RegExp(find.trim().split(/\s+/).map(escaped).join("\\s+"), "g");
  if (!pattern.test(source)) return { outcome: "stale", by: `${file} does not hold: ${find}` };
  writeFileSync(
    path,
    source.replace(pattern, () => replace),
  );
  try {
    const by = failure();
    return by === null ? { outcome: "survived", by: "" } : { outcome: "killed", by };
  } finally {
    writeFileSync(path, source);
  }
}

/** The first test that fails, or null. */
function failure() {
  for (const paths of rounds) {
    const result = spawnSync(
      process.execPath,
      [join(root, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json", ...paths],
      {
        cwd: copy,
        encoding: "utf8",
        env: { ...process.env, ISOLAB_DOUBT: "0.3" },
        timeout: 180_000,
        maxBuffer: 256 * 1024 * 1024,
      },
    );
    if (result.status === 0) continue;
    if (result.error !== undefined) return "no end within three minutes";
    return failedTest(result.stdout);
  }
  return null;
}

function failedTest(output) {
  try {
    const { testResults } = JSON.parse(output.slice(output.indexOf("{")));
    for (const { name, assertionResults } of testResults) {
      const failed = assertionResults.find(({ status }) => status === "failed");
      if (failed !== undefined) return `${name.slice(copy.length + 1)}: ${failed.fullName}`.slice(0, 120);
    }
  } catch {
    // The run itself broke: that is a failure too.
  }
  return "a test file that could not run";
}

function escaped(text) {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}
