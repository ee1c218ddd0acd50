import { join } from "node:path";
import type { Argv, CommandModule, InferredOptionTypes, Options } from "yargs";

import type { BenchCase, BenchRun } from "../../campaign/bench/bench.ts";
import type { BenchAdvice, BenchCell } from "../../campaign/bench/bench-result.ts";
import type { TargetRequest } from "../../campaign/target.ts";
import { casesFor, contentionsOf, variantsOf } from "../bench-cases.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { onServers, type Job } from "../on-servers.ts";
import {
  givenParameters,
  modelOf,
  paceOf,
  runOptions,
  serversOf,
  settingsOf,
  type Pace,
  type RunFlags,
} from "../run-options.ts";
import { UsageError } from "../usage-error.ts";
import { durationMs, isolationLevel, list, wholeNumber } from "../values.ts";

const { rate: _rate, ...sharedOptions } = runOptions;

const benchOptions = {
  ...sharedOptions,
  workload: {
    type: "string",
    requiresArg: true,
    default: "register",
    describe: "one workload, all its variants; or some, by comma: register:unique,register:for-update",
    group: "Run:",
  },
  isolation: {
    type: "string",
    requiresArg: true,
    default: "read-committed,serializable",
    describe: "one or more levels, by comma",
    group: "Run:",
  },
  contention: {
    type: "string",
    requiresArg: true,
    describe: "low, high or both (the default), as the workload declares them",
    group: "Run:",
  },
  db: {
    type: "string",
    requiresArg: true,
    describe: "throw-away servers, by comma: postgres (default), mysql, mariadb",
    conflicts: "url",
    group: "Database:",
  },
  rounds: {
    type: "string",
    requiresArg: true,
    default: "3",
    describe: "how often every variant has its turn",
    group: "Run:",
  },
  "time-limit": { ...runOptions["time-limit"], default: "500ms", describe: "how long each run is measured" },
  "warm-up": {
    type: "string",
    requiresArg: true,
    default: "150ms",
    describe: "how long each run goes on before that",
    group: "Run:",
  },
  ops: { ...runOptions.ops, describe: "planned operations of each run, at most" },
  out: { ...runOptions.out, describe: "the directory to make, a run directory in it for each run" },
} as const satisfies Record<string, Options>;

type Flags = GlobalFlags & InferredOptionTypes<typeof benchOptions>;

/** `isolab bench`: the variants of one workload side by side, how fast each is and whether it is right. */
export const benchCommand: CommandModule<GlobalFlags, Flags> = {
  command: "bench",
  describe: "compare how fast the variants of one workload are, and recommend one that is right",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options(benchOptions)
      .example("$0 bench --workload rmw-counter", "optimistic or pessimistic, at low and at high contention")
      .example(
        "$0 bench --workload register:unique,register:for-update --db postgres,mariadb --rounds 5",
        "two variants on both databases, five times",
      ),
  handler: settle(run),
};

/** What is asked for, checked. */
interface Budget {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  readonly pace: Pace;
}

async function run(flags: Flags): Promise<ExitCode> {
  const runFlags: RunFlags & typeof flags = {
    ...flags,
    rate: undefined,
  };
  const budget = budgetOf(runFlags);
  const variants = await variantsOf(flags.workload);
  const [{ workload }] = variants;
  const levels = [...new Set(list("--isolation", flags.isolation).map(isolationLevel))];
  const contentions = await contentionsOf(workload, givenParameters(runFlags), flags.contention);
  const requests = serversOf(runFlags);
  const settings = settingsOf(runFlags);
  const model = await modelOf(runFlags);
  const { freshSeed } = await import("../../random/entropy.ts");
  const seed = flags.seed ?? freshSeed();
  const names = requests.map((request) => ("db" in request ? request.db : "url"));
  const common = { ...budget.pace, seed };
  const space = { variants, levels, contentions: contentions.parameters, names, common };
  if (
    casesFor(space, []).length === 0 &&
    variants.every(({ variant }) => !makesSense(variant.levels, levels))
  )
    throw new UsageError(
      `none of these variants makes sense at ${levels.join(" or ")}: choose another --isolation`,
    );

  const records = new Map<BenchCase, BenchRun[]>();
  let directory = "";
  let interrupted: boolean;
  let cells: readonly BenchCell[];
  try {
    const title = `${workload.name}, ${variants.length} variants`;
    interrupted = await onServers(requests, { ...flags, title, linked: true }, async (job) => {
      ({ directory } = job);
      await execute(flags, { job, cases: casesFor(space, job.targets), budget, settings, model, records });
      return job.stop.aborted;
    });
  } finally {
    const { cellsOf } = await import("../../campaign/bench/bench-result.ts");
    cells = cellsOf([...records].map(([asked, runs]) => ({ asked, runs })));
    // What was measured stays measured, whatever befell a later run.
    if (cells.length > 0) {
      const missing = records.size * budget.rounds - cells.reduce((sum, cell) => sum + cell.rounds.length, 0);
      const method = methodOf(budget, requests, [
        contentions.note,
        `A clean run does not reveal ${workload.cannotReveal}.`,
        missing > 0
          ? `It broke off: ${missing} of ${records.size * budget.rounds} runs are missing.`
          : undefined,
      ]);
      const complete = missing === 0;
      await print(flags, { workload: workload.name, seed, complete, directory, cells, method, budget });
    }
  }
  if (interrupted) return exitCodes.interrupted;
  return exitCode(cells);
}

function makesSense(own: readonly string[] | undefined, levels: readonly string[]): boolean {
  return own === undefined || own.some((level) => levels.includes(level));
}

function budgetOf(flags: RunFlags & Flags): Budget {
  const measuredMs = durationMs("--time-limit", flags["time-limit"]);
  const warmUpMs = durationMs("--warm-up", flags["warm-up"]);
  if (measuredMs === 0) throw new UsageError("--time-limit must be longer than nothing");
  return {
    rounds: wholeNumber("--rounds", flags.rounds, 1, 1_000),
    warmUpMs,
    measuredMs,
    pace: paceOf({ ...flags, "time-limit": `${measuredMs + warmUpMs}ms` }, 1),
  };
}

interface Execution {
  readonly job: Job;
  readonly cases: readonly BenchCase[];
  readonly budget: Budget;
  readonly settings: Readonly<Record<string, string>>;
  readonly model: string | undefined;
  /** Where every run goes when it is finished. */
  readonly records: Map<BenchCase, BenchRun[]>;
}

async function execute(
  flags: Flags,
  { job, cases, budget, settings, model, records }: Execution,
): Promise<void> {
  const { bench } = await import("../../campaign/bench/bench.ts");
  const { rounds, warmUpMs } = budget;
  const { line } = job;
  for (const asked of cases) records.set(asked, []);
  let finished = 0;
  await bench({
    ...job,
    cases,
    rounds,
    warmUpMs,
    settings,
    model,
    starting: ({ config, contention }, round, done) => {
      line.show(
        `round ${round + 1} of ${rounds}, run ${done + 1} of ${cases.length * rounds}: ${config.variantName} at ${config.isolation}, ${contention} contention`,
      );
    },
    finished: (asked, run) => {
      records.get(asked)?.push(run);
      finished++;
      if (flags.quiet || flags.json || finished % cases.length !== 0) return;
      line.clear();
      process.stderr.write(`round ${run.round + 1} of ${rounds} is measured, ${cases.length} runs\n`);
    },
  });
}

/** Bad news first: what a variant declares never to show did; then whether anything was proven at all. */
function exitCode(cells: readonly BenchCell[]): ExitCode {
  if (cells.some(({ forbidden }) => forbidden.length > 0)) return exitCodes.anomaly;
  const proven = cells.some(({ anomalies, standing }) => anomalies.length > 0 || standing.kind !== "unknown");
  return proven ? exitCodes.valid : exitCodes.unknown;
}

function methodOf(
  { rounds, measuredMs, warmUpMs, pace }: Budget,
  requests: readonly TargetRequest[],
  notes: readonly (string | undefined)[],
): readonly string[] {
  const flushes = requests.every((request) => "url" in request || request.durable);
  return [
    `${rounds === 1 ? "1 round" : `${rounds} rounds`} in which all take turns with the same plan: ${measuredMs} ms measured after ${warmUpMs} ms of warm-up, ${pace.sessions} sessions, pauses of up to ${pace.thinkMs} ms.`,
    "ratio: ok/s divided by that of the fastest clean variant, round by round. Medians over the rounds; spread: lowest to highest.",
    "latency: from the first attempt to the commit; attempt: the one that committed, alone. Both p50 / p95 / p99.",
    "lost: operations that failed and were given up, but for those that the application itself declined.",
    "waiting: share of session time spent waiting for locks, asked of the server some 50 times a second (pg_locks; SHOW ENGINE INNODB STATUS and the list of sessions).",
    ...(flushes
      ? []
      : [
          "A throw-away server does not flush its commits: on a disk they take longer, and locks with them (--durable).",
        ]),
    ...notes.flatMap((note) => note ?? []),
  ];
}

interface Comparison {
  readonly workload: string;
  readonly seed: string;
  /** Whether nothing broke it off. */
  readonly complete: boolean;
  readonly directory: string;
  readonly cells: readonly BenchCell[];
  readonly method: readonly string[];
  readonly budget: Budget;
}

async function print(flags: Flags, { directory, budget, ...comparison }: Comparison): Promise<void> {
  const { adviceOf } = await import("../../campaign/bench/bench-result.ts");
  const { benchFiles, writeRunFile } = await import("../../runner/run-directory.ts");
  const { benchPage } = await import("../../report/bench/bench-page.ts");
  const advice: readonly BenchAdvice[] = adviceOf(comparison.cells);
  const { workload, seed, complete, method, cells } = comparison;
  const view = { workload, seed, method, cells, advice };
  const { rounds, measuredMs, warmUpMs, pace } = budget;
  const json = JSON.stringify({
    run: directory,
    seed,
    workload,
    complete,
    budget: { rounds, measuredMs, warmUpMs, sessions: pace.sessions, thinkMs: pace.thinkMs },
    recommendations: advice,
    cells,
  });
  writeRunFile(directory, benchFiles.result, `${json}\n`);
  writeRunFile(directory, benchFiles.page, benchPage(view, directory));
  if (flags.json) {
    process.stdout.write(`${json}\n`);
    return;
  }
  const { styleFor } = await import("../../report/terminal/style.ts");
  const { benchText } = await import("../../report/terminal/bench.ts");
  const { repeatCommand } = await import("../repeat-command.ts");
  const style = styleFor(process.stdout);
  process.stdout.write(
    `${style.strong(`${workload}, seed ${seed}`)}\n\n${benchText(view, style)}\n\n` +
      `Run directory: ${directory}\nTo look at:    ${join(directory, benchFiles.page)}\n` +
      `Run it again:  ${repeatCommand(process.argv.slice(2), seed)}\n`,
  );
}
