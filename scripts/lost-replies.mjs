// Loses the request or the reply of a thousand COMMITs on each database, and counts what became of them: all must be
// recorded as `info`, all whose reply was lost must be there afterwards and none whose request was, and the history
// must stay valid. At READ COMMITTED, where the server refuses no COMMIT.
// `npm run build && node scripts/lost-replies.mjs [COMMITS]`, half a minute; exits with 1 when that does not hold.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "..");
const built = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const { acquireTarget } = await built("src/campaign/target.js");
const { runOnce } = await built("src/campaign/run-once.js");
const { realClock } = await built("src/clock/real-clock.js");
const { loadHistory } = await built("src/history/load-history.js");
const { operationAt } = await built("src/history/operation-at.js");
const { everyDatabase } = await built("src/nemesis/nemesis.js");
const { isCommit } = await built("src/nemesis/network/is-commit.js");
const { parametersFor } = await built("src/workload/parameters.js");
const { default: workload } = await built("workloads/append.js");

const commits = Number(process.argv[2] ?? 1_000);
const sessions = 4;
const clock = realClock();
const temporary = mkdtempSync(join(tmpdir(), "isolab-lost-replies-"));
let holds = true;

try {
  for (const db of ["postgres", "mariadb"]) {
    const target = await acquireTarget({ db, durable: false }, clock);
    try {
      for (const what of ["request", "reply"]) await measure(db, what, target);
    } finally {
      await target.release();
    }
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
process.exitCode = holds ? 0 : 1;

async function measure(db, what, target) {
  const lost = { count: 0 };
  const faults = { nemeses: [loseCommits(what, lost)], intervalMs: 1, durationMs: 3_600_000 };
  const directory = join(temporary, `${db}-${what}`);
  const { verdict } = await runOnce({
    config: {
      workload,
      variantName: "upsert",
      variant: workload.variants.upsert,
      parameters: parametersFor(workload, []),
      isolation: "read-committed",
      seed: "1",
      sessions,
      // Some end before they come to COMMIT.
      operations: Math.ceil(commits * 1.5),
      rate: undefined,
      timeLimitMs: undefined,
      thinkMs: 0,
      faults,
    },
    target,
    settings: {},
    directory,
    model: undefined,
    clock,
    stop: new AbortController().signal,
    progress: () => undefined,
    warn: (sentence) => console.error(sentence),
  });
  const { history } = await loadHistory(join(directory, "history.jsonl"));
  const operations = Array.from({ length: history.length }, (_, row) => operationAt(history, row));
  report(db, what, lost.count, verdict, operations);
}

function report(db, what, lost, verdict, operations) {
  const mops = (operation) => (Array.isArray(operation.value) ? operation.value : []);
  const atRest = operations.filter(({ f, type }) => f === "read-at-rest" && type === "ok").flatMap(mops);
  const there = new Set(atRest.flatMap(([, key, list]) => (list ?? []).map((value) => `${key} ${value}`)));
  const info = operations.filter(({ process, type }) => process !== "nemesis" && type === "info");
  const marks = info.map((operation) =>
    mops(operation).flatMap(([kind, key, value]) =>
      kind === "append" ? [there.has(`${key} ${value}`)] : [],
    ),
  );
  const writers = marks.filter((each) => each.length > 0);
  const whole = writers.filter((each) => each.every(Boolean)).length;
  const none = writers.filter((each) => !each.some(Boolean)).length;
  const asExpected = what === "reply" ? whole : none;
  const good =
    lost >= commits && info.length === lost && asExpected === writers.length && verdict.valid === true;
  holds &&= good;
  console.log(
    `${db}: the ${what} of ${lost} COMMITs lost; ${info.length} info; of ${writers.length} that wrote, ${whole} are there, ` +
      `${none} are not, ${writers.length - whole - none} in part; valid: ${verdict.valid}${good ? "" : " (NOT AS IT MUST BE)"}`,
  );
}

/** Loses so many COMMITs, whoever sends them; each session may have one under way. */
function loseCommits(what, lost) {
  return {
    name: "lose-commits",
    summary: "loses many COMMITs",
    databases: everyDatabase,
    needs: ["proxy"],
    strike: async ({ proxy, until }) => {
      let tried = 0;
      const loseOne = async () => {
        while (tried++ < commits && (await proxy.lose(what, isCommit, { until }))) lost.count++;
      };
      for (let i = 0; i < sessions; i++) void loseOne();
      return { did: `lies in wait for ${commits} COMMITs`, undo: async () => undefined };
    },
  };
}
