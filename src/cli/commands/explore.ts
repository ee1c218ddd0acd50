import type { Argv, CommandModule, InferredOptionTypes, Options } from "yargs";

import type { Exploration, ExploreProgress } from "../../campaign/explore.ts";
import type { RunConfig } from "../../runner/run-config.ts";
import { configOf, oneRunOptions } from "../config-of.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { interleavingOf, interleavingOptions } from "../interleaving-options.ts";
import { faultOptions, type FaultFlags } from "../fault-options.ts";
import { onServers, type Job } from "../on-servers.ts";
import { reportOption, reportUnlessRefused } from "../report-option.ts";
import { repeatArguments } from "../repeat-command.ts";
import { modelOf, runOptions, serverOf, settingsOf, type RunFlags } from "../run-options.ts";
import { saveCommand } from "../saved-command.ts";
import type { SavedFiles } from "../save-reproduction.ts";
import { UsageError } from "../usage-error.ts";
import { list, wholeNumber } from "../values.ts";

/** Few enough that many schedules are executed in a second, enough for sessions to meet. */
const defaultOperations = 8;
/** As many as are executed unless the user says otherwise. */
const defaultSchedules = { sampled: 200, exhaustive: 20_000 } as const;

const exploreOptions = {
  schedules: {
    type: "string",
    requiresArg: true,
    describe: "execute at most so many (default: 200; exhaustive: 20000)",
    group: "Schedule:",
  },
  anomaly: {
    type: "string",
    requiresArg: true,
    describe: "look for these only, by comma; see isolab list anomalies",
    group: "Schedule:",
  },
  "no-shrink": {
    type: "boolean",
    default: false,
    describe: "leave what was found as it is",
    group: "Schedule:",
  },
  sessions: { ...runOptions.sessions, default: "4" },
} as const satisfies Record<string, Options>;

type Flags = GlobalFlags &
  RunFlags &
  Pick<FaultFlags, "nemesis"> &
  InferredOptionTypes<typeof oneRunOptions> &
  InferredOptionTypes<typeof interleavingOptions> &
  InferredOptionTypes<typeof exploreOptions> &
  InferredOptionTypes<typeof reportOption>;

/** `isolab explore`: interleaving after interleaving until an anomaly shows; then the smallest that shows it. */
export const exploreCommand: CommandModule<GlobalFlags, Flags> = {
  command: "explore",
  describe: "execute interleaving after interleaving until an anomaly shows, and make it small",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options({
        ...runOptions,
        ...oneRunOptions,
        ...interleavingOptions,
        ...exploreOptions,
        ...reportOption,
        nemesis: faultOptions.nemesis,
      })
      .hide("rate")
      .hide("think")
      .example("$0 explore --seed 1", "how max(version) + 1 gives a number out twice, in a few SQL lines")
      .example(
        "$0 explore --isolation serializable --strategy exhaustive --ops 3",
        "every interleaving of three registrations",
      ),
  handler: settle(run),
};

async function run(flags: Flags): Promise<ExitCode> {
  const interleaving = await interleavingOf(flags);
  // A time limit ends the exploration; it does not make the plans longer.
  const config = await configOf({ ...flags, ops: flags.ops ?? `${defaultOperations}` }, defaultOperations);
  const schedules = schedulesOf(flags);
  const anomalies = await anomaliesOf(flags, config);
  const settings = settingsOf(flags);
  const model = await modelOf(flags);
  const request = serverOf(flags);
  const { explore } = await import("../../campaign/explore.ts");
  const { saveReproduction } = await import("../save-reproduction.ts");

  const title = `${config.workload.name}:${config.variantName} at ${config.isolation}`;
  const work = ({ targets, line, ...job }: Job): Promise<Exploration> => {
    const progress = progressText(title, schedules, () => job.clock.nanos());
    return explore({
      ...job,
      config,
      interleaving,
      schedules,
      anomalies,
      shrinks: !flags["no-shrink"],
      settings,
      target: targets[0],
      model,
      progress: (now) => {
        line.show(progress(now));
      },
    });
  };
  const found = await onServers([request], { ...flags, title, linked: true }, work);
  const saved =
    found.finding === undefined
      ? undefined
      : await saveReproduction(found.finding, config, found.database, found.directory);
  const { preemptions } = interleaving;
  saveCommand(found.directory, repeatArguments(process.argv.slice(2), config.seed));
  const report = await reportUnlessRefused(flags, found.directory);
  await print(flags, config, { ...found, asked: schedules, preemptions, report }, saved);
  return exitCode(found, schedules);
}

function schedulesOf(flags: Flags): number {
  if (flags.schedules !== undefined) return wholeNumber("--schedules", flags.schedules, 1, 10_000_000);
  return flags.strategy === "exhaustive" ? defaultSchedules.exhaustive : defaultSchedules.sampled;
}

async function anomaliesOf(flags: Flags, { workload }: RunConfig): Promise<readonly string[]> {
  if (flags.anomaly === undefined) return [];
  const { ownInvariants } = await import("../../workload/invariant.ts");
  const own = ownInvariants(workload).map(({ name }) => name);
  const { anomalyDescriptions } = await import("../../checkers/models/descriptions/anomaly-descriptions.ts");
  const names = list("--anomaly", flags.anomaly);
  const unknown = names.find((name) => !(name in anomalyDescriptions) && !own.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`there is no anomaly "${unknown}"; see isolab list anomalies`);
  return names;
}

function progressText(
  title: string,
  schedules: number,
  nanos: () => number,
): (progress: ExploreProgress) => string {
  const start = nanos();
  return ({ phase, executed, distinct, transactions }) => {
    if (phase === "shrinking")
      return `${title}: shrinking, ${executed} executions, ${transactions} transactions left`;
    const rate = Math.round((executed / (nanos() - start)) * 1e9);
    return `${title}: ${executed} of ${schedules} schedules, ${distinct} different, ${rate}/s`;
  };
}

function exitCode(found: Exploration, asked: number): ExitCode {
  if (found.interrupted) return exitCodes.interrupted;
  if (found.finding !== undefined) return exitCodes.anomaly;
  const allExecuted = found.executed >= asked || found.complete === true || found.timedOut;
  return allExecuted && found.committed && found.stuck === undefined ? exitCodes.valid : exitCodes.unknown;
}

interface Asked extends Exploration {
  readonly asked: number;
  readonly preemptions: number | undefined;
  readonly report: string | undefined;
}

async function print(
  flags: Flags,
  config: RunConfig,
  found: Asked,
  saved: SavedFiles | undefined,
): Promise<void> {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(asJson(config, found, saved))}\n`);
    return;
  }
  const { styleFor } = await import("../../report/terminal/style.ts");
  const { repeatCommand, replayCommand } = await import("../repeat-command.ts");
  const { explorationText } = await import("../../report/terminal/exploration.ts");
  const style = styleFor(process.stdout);
  const { seed, isolation, variantName } = config;
  const { kind, version } = found.database;
  const title = `${config.workload.name}:${variantName} on ${kind} ${version} at ${isolation}, seed ${seed}`;
  const where = saved === undefined ? "" : `${saved.files.map((file) => `  ${file}\n`).join("")}\n`;
  const pageLine = found.report === undefined ? "" : `Report:        ${found.report}\n`;
  const replay = saved === undefined ? "" : `Replay it:     ${replayCommand(flags.workload, saved)}\n`;
  process.stdout.write(
    `${style.strong(title)}\n\n${explorationText(found, style)}\n\n${where}` +
      `Run directory: ${found.directory}\n${pageLine}${replay}` +
      `Run it again:  ${repeatCommand(process.argv.slice(2), seed)}\n`,
  );
}

function asJson(config: RunConfig, found: Asked, saved: SavedFiles | undefined): Record<string, unknown> {
  const { seed, isolation, variantName: variant } = config;
  const { finding } = found;
  const shrunk = finding?.shrunk;
  return {
    run: found.directory,
    ...(found.report === undefined ? {} : { report: found.report }),
    seed,
    workload: config.workload.name,
    variant,
    database: found.database,
    isolation,
    found: finding !== undefined,
    schedules: found.executed,
    asked: found.asked,
    distinct: found.distinct,
    ...(found.complete === undefined ? {} : { complete: found.complete, pruned: found.pruned }),
    ...(found.preemptions === undefined ? {} : { preemptions: found.preemptions }),
    racy: found.racy,
    oneWaiter: found.oneWaiter,
    ...(found.interrupted ? { interrupted: true } : {}),
    ...(found.timedOut ? { timedOut: true } : {}),
    ...(found.stuck === undefined ? {} : { because: found.stuck }),
    ...(finding === undefined ? {} : { anomaly: finding.anomaly, schedule: finding.schedule }),
    ...(shrunk === undefined
      ? {}
      : {
          shrunk: {
            run: shrunk.directory,
            transactions: shrunk.transactions,
            statements: shrunk.statements,
            switches: shrunk.switches,
            executions: shrunk.executions,
            ...(shrunk.rate === undefined ? {} : { rate: shrunk.rate }),
          },
        }),
    ...(saved === undefined ? {} : { files: saved.files, token: saved.token ?? null }),
    ...(shrunk ?? finding)?.verdict,
  };
}
