// Makes histories/schedules anew: for each anomaly and level in its table.json the smallest schedule that shows the
// one at the other, as the built `isolab explore` finds and shrinks it. The same build and servers make the
// same files. `node scripts/golden-schedules.mjs` makes all of them (some minutes), `… lost-update` those whose name
// begins like that. Afterwards `npx vitest run test/integration/golden-schedules.test.ts -u` writes
// docs/schedules.md anew.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const folder = join(root, "histories/schedules");
const command = join(root, "dist/src/cli/main.js");
/** Small enough to be shrunk in seconds, large enough that there is something to find and to leave out. */
const size = ["--sessions", "2", "--ops", "4"];
const files = ["plan.json", "schedule.json", "history.jsonl", "verdict.json", "repro.sql", "repro.json"];

const [prefix = ""] = process.argv.slice(2);
const { anomalies, targets } = JSON.parse(readFileSync(join(folder, "table.json"), "utf8"));
const entries = anomalies.flatMap((anomaly) =>
  Object.entries(anomaly.seeds).map(([name, seed]) => ({
    name: `${anomaly.name}-${name}`,
    anomaly,
    target: targets.find((target) => target.name === name),
    seed,
  })),
);

if (!existsSync(command)) throw new Error("isolab is not built: npm run build");
removeStrangers();
const temporary = mkdtempSync(join(tmpdir(), "isolab-golden-"));
try {
  for (const entry of entries.filter(({ name }) => name.startsWith(prefix))) make(entry);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function make(entry) {
  const out = join(temporary, entry.name);
  const args = ["explore", ...flagsOf(entry), "--out", out, "--json", "--quiet"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 1) throw new Error(`${entry.name}: explore ended with ${status}\n${stdout}${stderr}`);
  const { schedules, shrunk } = JSON.parse(stdout);
  if (shrunk === undefined) throw new Error(`${entry.name}: what was found could not be shrunk`);
  const into = join(folder, entry.name);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  for (const file of [...files, ...(entry.target.db === "postgres" ? ["repro.spec"] : [])])
    copyFileSync(join(shrunk.run, file), join(into, file));
  const { transactions, statements, switches, executions } = shrunk;
  console.log(
    `${entry.name}: schedule ${schedules}, shrunk in ${executions} executions to ${transactions} transactions, ${statements} statements, ${switches} switches`,
  );
}

/** The flags of `isolab explore` that find an entry. */
function flagsOf({ anomaly, target, seed }) {
  const settings = Object.entries(target.set ?? {}).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const parameters = Object.entries(anomaly.params).flatMap(([name, value]) => [
    "--param",
    `${name}=${value}`,
  ]);
  const where = ["--db", target.db, "--isolation", target.isolation, ...settings];
  return [
    "--anomaly",
    anomaly.anomaly,
    "--workload",
    anomaly.workload,
    ...parameters,
    ...size,
    ...where,
  ].concat("--seed", seed);
}

/** Folders that the table knows nothing of. */
function removeStrangers() {
  const known = new Set(entries.map(({ name }) => name));
  for (const file of readdirSync(folder, { withFileTypes: true }))
    if (file.isDirectory() && !known.has(file.name)) rmSync(join(folder, file.name), { recursive: true });
}
