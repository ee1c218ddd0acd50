// Makes docs/isolation.json anew: for every variant of every workload, at every level of both databases, what it
// declares as found by search on a real server. For what must show the schedule that shows it, for what must never
// show how many schedules were executed without it. The same build and servers make the same file, some
// minutes' work: `npm run build && node scripts/isolation-runs.mjs [WORKLOAD…]`; with names only those are made anew.
// Afterwards `npx vitest run test/workloads/isolation-page.test.ts -u` writes docs/isolation.md anew.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "..");
const built = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const { acquireTarget } = await built("src/campaign/target.js");
const { explore } = await built("src/campaign/explore.js");
const { realClock } = await built("src/clock/real-clock.js");
const { expectedAt } = await built("src/workload/expectation.js");
const { parametersFor } = await built("src/workload/parameters.js");

/** What every search is: small enough to be executed often, large enough that sessions meet. */
const search = { seed: "1", sessions: 4, operations: 12 };
/** Schedules in which what must show has to be found, and in which what must never show is looked for. */
const most = 200;
const looks = 10;
const file = join(root, "docs/isolation.json");

const { targets } = JSON.parse(readFileSync(join(root, "histories/schedules/table.json"), "utf8"));
const asked = process.argv.slice(2);
const before = asked.length === 0 ? { cells: [] } : JSON.parse(readFileSync(file, "utf8"));
const cells = before.cells.filter(({ workload }) => !asked.includes(workload));
const clock = realClock();
const temporary = mkdtempSync(join(tmpdir(), "isolab-isolation-"));
const servers = {};
const versions = { ...before.versions };

try {
  for (const db of ["postgres", "mariadb"]) servers[db] = await acquireTarget({ db, durable: false }, clock);
  for (const name of readdirSync(join(root, "workloads")).filter((one) => one.endsWith(".ts"))) {
    const { default: workload } = await built(`workloads/${name.replace(".ts", ".js")}`);
    if (asked.length > 0 && !asked.includes(workload.name)) continue;
    for (const [variantName, variant] of Object.entries(workload.variants))
      for (const target of targets)
        if ((variant.levels ?? [target.isolation]).includes(target.isolation))
          cells.push(await cellOf(workload, variantName, variant, target));
    save();
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.release()));
  rmSync(temporary, { recursive: true, force: true });
}

async function cellOf(workload, variantName, variant, target) {
  const settings = target.set ?? (target.db === "mariadb" ? { innodb_snapshot_isolation: "OFF" } : {});
  const { must, never } = expectedAt(variant.expect ?? [], {
    database: { kind: target.db, settings },
    isolation: target.isolation,
  });
  const config = {
    ...search,
    workload,
    variantName,
    variant,
    parameters: parametersFor(workload, []),
    isolation: target.isolation,
    thinkMs: 0,
  };
  const look = (anomalies, schedules, overlaps) =>
    explore({
      config,
      interleaving: { strategy: "random", prune: true, faults: [], faultRate: 0, overlaps },
      target: servers[target.db],
      settings,
      directory: join(temporary, `${workload.name}-${variantName}-${target.name}-${anomalies}-${overlaps}`),
      model: undefined,
      schedules,
      anomalies,
      shrinks: false,
      clock,
      stop: new AbortController().signal,
      progress: () => undefined,
      warn: () => undefined,
    });
  const shows = {};
  for (const anomaly of must) {
    let found = await look([anomaly], most);
    // What happens inside one statement shows only where two are let go at once.
    const overlaps = found.finding === undefined;
    if (overlaps) found = await look([anomaly], most, 0.3);
    const { finding, database } = found;
    versions[target.db] = database.version;
    if (finding === undefined)
      throw new Error(`${workload.name}:${variantName} at ${target.name} never shows ${anomaly}`);
    shows[anomaly] = { schedule: finding.schedule + 1, ...(overlaps ? { overlaps } : {}) };
  }
  let clean;
  if (never.length > 0) {
    const { finding, executed, committed } = await look(never, looks);
    if (finding !== undefined)
      throw new Error(`${workload.name}:${variantName} at ${target.name} shows ${finding.anomaly}`);
    // Schedules in which nothing was committed prove nothing.
    clean = committed ? executed : 0;
  }
  const cell = { workload: workload.name, variant: variantName, target: target.name, shows, never, clean };
  console.error(JSON.stringify(cell));
  return cell;
}

function save() {
  cells.sort((a, b) => (a.workload < b.workload ? -1 : a.workload > b.workload ? 1 : 0));
  writeFileSync(file, `${JSON.stringify({ search, versions, cells }, null, 1)}\n`);
}
