/**
 * How long it takes to load and check large histories, and how much memory.
 *
 *     npm run build && node --import jiti/register bench/check.ts
 *         [--sizes 10k,100k,1m] [--workloads list-append,rw-register]
 *         [--behaviours valid,snapshot-isolated,broken] [--syntaxes edn,jsonl] [--builds dist,OTHER]
 *
 * Each history is made by a simulated database in a temporary directory, which is removed at the end,
 * and measured in a process of its own that runs the built code. A row shows the median of the warm
 * runs; `cold` is the first run in a fresh process, and `peak` the most memory that run had resident.
 * `growth` compares processor time per transaction with that of the smallest size. Where several builds are
 * given, `ratio` is how many times as long the others take as the first, in processor time.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Behaviour,
  type SimulatedHistory,
  type Syntax,
  type Workload,
  writeSimulatedHistory,
} from "./simulated-history.ts";
import { type Run, tableHeader, tableRow } from "./table.ts";

/** What each kind of history is judged by; it keeps what it promises, and breaks this if it can. */
const models: Readonly<Record<Behaviour, string>> = {
  valid: "strict-serializable",
  "snapshot-isolated": "serializable",
  broken: "strict-serializable",
};

/** In a warm process a run of so many transactions in all is enough to tell. */
const warmTransactions = 2_000_000;
const fewestWarmRuns = 2;
const mostWarmRuns = 30;

interface Options {
  readonly sizes: readonly number[];
  readonly kinds: readonly Kind[];
  readonly builds: readonly string[];
}

type Kind = Omit<SimulatedHistory, "transactions">;

function main(): void {
  const options = optionsOf(process.argv.slice(2));
  const missing = options.builds.find((build) => !existsSync(join(build, "src/check.js")));
  if (missing !== undefined) {
    console.error(`There is no build in ${missing}; run "npm run build" first.`);
    process.exitCode = 3;
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), "isolab-bench-"));
  try {
    console.log(tableHeader());
    for (const kind of options.kinds) measureSizes(kind, directory, options);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function measureSizes(kind: Kind, directory: string, { sizes, builds }: Options): void {
  const smallest = new Map<string, number>();
  for (const transactions of sizes) {
    const path = join(directory, `history.${kind.syntax}`);
    writeSimulatedHistory(path, { ...kind, transactions });
    let first: number | undefined;
    for (const build of builds) {
      const runs = measure(build, path, kind, transactions);
      const each = runs.warm.cpuSeconds / transactions;
      first ??= each;
      if (!smallest.has(build)) smallest.set(build, each);
      const { workload, behaviour, syntax } = kind;
      const name = `${workload} ${behaviour} ${syntax}`;
      console.log(
        tableRow({
          ...runs,
          name: builds.length === 1 ? name : `${name} ${build}`,
          transactions,
          growth: each / (smallest.get(build) ?? each),
          ratio: each / first,
        }),
      );
    }
    rmSync(path);
  }
}

function measure(
  build: string,
  path: string,
  { workload, behaviour }: Kind,
  transactions: number,
): { readonly cold: Run; readonly warm: Run } {
  const warm = Math.min(mostWarmRuns, Math.max(fewestWarmRuns, Math.round(warmTransactions / transactions)));
  const script = join(import.meta.dirname, "measure-check.mjs");
  const args = [script, build, path, workload, models[behaviour], String(1 + warm)];
  const runs = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as readonly Run[];
  // Only the second half is warm: compilers are still at work before.
  return { cold: runs[0]!, warm: medianRun(runs.slice(1 + Math.floor(warm / 2))) };
}

/** By processor time. */
function medianRun(runs: readonly Run[]): Run {
  const sorted = [...runs].sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string", default: "10k,100k,1m" },
      workloads: { type: "string", default: "list-append,rw-register" },
      behaviours: { type: "string", default: "valid,snapshot-isolated,broken" },
      syntaxes: { type: "string", default: "edn" },
      builds: { type: "string", default: "dist" },
    },
  });
  const kinds = (values.workloads.split(",") as Workload[]).flatMap((workload) =>
    (values.behaviours.split(",") as Behaviour[]).flatMap((behaviour) =>
      (values.syntaxes.split(",") as Syntax[]).map((syntax) => ({ workload, behaviour, syntax })),
    ),
  );
  return { sizes: values.sizes.split(",").map(transactionsOf), kinds, builds: values.builds.split(",") };
}

/** 10k is 10,000, 1m is 1,000,000. */
function transactionsOf(size: string): number {
  const match = /^([0-9]+)([km]?)$/i.exec(size);
  if (match === null) throw new Error(`${size} is no size; write 10k, 100k or 1m`);
  const unit = { "": 1, k: 1_000, m: 1_000_000 }[match[2]?.toLowerCase() ?? ""] ?? 1;
  return Number(match[1]) * unit;
}

main();
