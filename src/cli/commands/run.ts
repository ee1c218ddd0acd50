import type { Argv, CommandModule, InferredOptionTypes, Options } from "yargs";

import type { RunOutcome } from "../../campaign/run-once.ts";
import type { RunConfig } from "../../runner/run-config.ts";
import { configOf, oneRunOptions } from "../config-of.ts";
import { exitCodeOf, exitCodes, worstOf, type ExitCode } from "../exit-codes.ts";
import { fittedTo } from "../fitted-server.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { givenInterleaving, interleavingOf, interleavingOptions } from "../interleaving-options.ts";
import { onServers } from "../on-servers.ts";
import { faultOptions, faultsOf, type FaultFlags } from "../fault-options.ts";
import { reportOption, reportUnlessRefused } from "../report-option.ts";
import { repeatArguments } from "../repeat-command.ts";
import { modelOf, runOptions, serverOf, settingsOf, type RunFlags } from "../run-options.ts";
import { saveCommand } from "../saved-command.ts";
import { UsageError } from "../usage-error.ts";
import { wholeNumber } from "../values.ts";

/** Enough to show what a level allows, in a second or two. */
const defaultOperations = { stress: 500, interleaved: 100 } as const;

type Flags = GlobalFlags &
  RunFlags &
  FaultFlags &
  InferredOptionTypes<typeof interleavingOptions> &
  InferredOptionTypes<typeof modeOptions> &
  InferredOptionTypes<typeof reportOption> &
  InferredOptionTypes<typeof oneRunOptions>;

const modeOptions = {
  mode: {
    type: "string",
    requiresArg: true,
    choices: ["stress", "interleaved"],
    default: "stress",
    describe: "all sessions at once, or one statement at a time",
    group: "Schedule:",
  },
  repeat: {
    type: "string",
    requiresArg: true,
    default: "1",
    describe: "interleaved: execute it so often, and compare byte for byte",
    group: "Schedule:",
  },
  swarm: {
    type: "boolean",
    default: false,
    describe: "draw all that is not given from the seed: workload, level, parameters, faults",
    group: "Run:",
  },
} as const satisfies Record<string, Options>;

/** `isolab run`: one workload against one database. */
export const runCommand: CommandModule<GlobalFlags, Flags> = {
  command: "run",
  describe: "run one workload against one database and judge what happened",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options({
        ...runOptions,
        ...faultOptions,
        ...modeOptions,
        ...interleavingOptions,
        ...oneRunOptions,
        ...reportOption,
      })
      .example("$0 run --swarm --seed 7", "whatever seed 7 draws, and the command that says it in full")
      .example("$0 run --workload register:naive --seed 1", "duplicate versions at READ COMMITTED")
      .example(
        "$0 run --mode interleaved --seed 1 --repeat 3",
        "the same statements in the same order, three times",
      )
      .example(
        "$0 run --db mariadb --workload append --isolation repeatable-read",
        "random transactions on MariaDB",
      ),
  handler: settle(run),
};

async function run(given: Flags): Promise<ExitCode> {
  const args = process.argv.slice(2);
  const { flags, args: repeated } = given.swarm ? await swarmed(given, args) : { flags: given, args };
  const interleaving = flags.mode === "interleaved" ? await interleavingOf(flags) : undefined;
  const repeat = wholeNumber("--repeat", flags.repeat, 1, 1_000);
  if (interleaving === undefined && repeat > 1)
    throw new UsageError("--repeat compares interleaved runs: add --mode interleaved");
  const [foreign] = givenInterleaving(flags);
  if (interleaving === undefined && foreign !== undefined)
    throw new UsageError(`--${foreign} is about interleaved runs: add --mode interleaved`);
  if (interleaving !== undefined) refuseTime(flags);
  const operations = interleaving === undefined ? defaultOperations.stress : defaultOperations.interleaved;
  const request = serverOf(flags);
  const faults = interleaving === undefined ? await faultsOf(flags, [request]) : undefined;
  const fitted = await fittedTo(request, faults?.nemeses ?? []);
  const config = { ...(await configOf(flags, operations)), faults };
  const settings = settingsOf(flags);
  const model = await modelOf(flags);
  const { runOnce } = await import("../../campaign/run-once.ts");
  const title = `${config.workload.name}:${config.variantName} at ${config.isolation}`;
  const outcome = await onServers([fitted], { ...flags, title, linked: true }, ({ targets, line, ...job }) =>
    runOnce({
      ...job,
      config,
      interleaving,
      repeat,
      settings,
      target: targets[0],
      model,
      progress: ({ ok, fail, info, planned }) => {
        const done = ok + fail + info;
        line.show(`${title}: ${done} of ${planned} operations, ${ok} ok, ${fail} fail, ${info} info`);
      },
    }),
  );
  saveCommand(outcome.directory, repeatArguments(repeated, config.seed));
  const report = await reportUnlessRefused(flags, outcome.directory);
  await print(flags, config, { ...outcome, report }, repeated);
  if (outcome.interrupted) return exitCodes.interrupted;
  return worstOf([
    exitCodeOf(outcome.verdict.valid),
    outcome.repetition?.difference === undefined || outcome.repetition.racy
      ? exitCodes.valid
      : exitCodes.anomaly,
  ]);
}

/** What is not given is drawn; the arguments that say the same without drawing. */
async function swarmed(
  flags: Flags,
  args: readonly string[],
): Promise<{ readonly flags: Flags; readonly args: readonly string[] }> {
  const { drawSwarm } = await import("../../campaign/soak/swarm.ts");
  const { capabilities } = await import("../capabilities.ts");
  const { argumentsOf, flagsOf, givenFlags, swarmSpace, withoutGiven } = await import("../swarm-flags.ts");
  const { freshSeed } = await import("../../random/entropy.ts");
  const given = givenFlags(args);
  const typed = (name: "workload" | "isolation" | "mode"): string | undefined =>
    given.has(name) ? flags[name] : undefined;
  const aboutTime = ["time-limit", "rate", "think", "nemesis", "nemesis-interval", "nemesis-duration"];
  const mode = typed("mode") ?? (aboutTime.some((name) => given.has(name)) ? "stress" : undefined);
  const request = serverOf(flags);
  const space = await swarmSpace(
    { workload: typed("workload"), isolation: typed("isolation"), mode, nemesis: undefined },
    request,
    capabilities(request, flags["allow-disruptive"]),
  );
  const seed = flags.seed ?? freshSeed();
  const swarm = drawSwarm(seed, given.has("nemesis") ? { ...space, nemeses: [], steps: [] } : space);
  const drawn = withoutGiven(flagsOf(swarm), given);
  if (!flags.quiet && !flags.json)
    process.stderr.write(`isolab: seed ${seed} draws ${argumentsOf(drawn).join(" ")}\n`);
  return {
    flags: { ...flags, ...(drawn as Partial<Flags>), seed },
    args: [...args.filter((arg) => arg !== "--swarm"), ...argumentsOf(drawn)],
  };
}

type Reported = RunOutcome & { readonly report: string | undefined };

async function print(
  flags: Flags,
  config: RunConfig,
  { directory, report, database, verdict, interrupted, repetition, racySteps }: Reported,
  args: readonly string[],
): Promise<void> {
  const { seed, isolation, variantName: variant } = config;
  const workload = config.workload.name;
  if (flags.json) {
    const what = { run: directory, seed, workload, variant, database, isolation };
    const how = {
      ...(report === undefined ? {} : { report }),
      ...(interrupted ? { interrupted } : {}),
      ...(racySteps === undefined ? {} : { racySteps }),
      ...(repetition === undefined
        ? {}
        : {
            repeated: repetition.times,
            repeatedIdentical: repetition.identical,
            identical: repetition.difference === undefined,
          }),
      ...(repetition?.difference === undefined ? {} : { difference: repetition.difference }),
    };
    process.stdout.write(`${JSON.stringify({ ...what, ...how, ...verdict })}\n`);
    return;
  }
  const { styleFor } = await import("../../report/terminal/style.ts");
  const { verdictText } = await import("../../report/terminal/verdict.ts");
  const { repeatCommand } = await import("../repeat-command.ts");
  const style = styleFor(process.stdout);
  const title = `${workload}:${variant} on ${database.kind} ${database.version} at ${isolation}, seed ${seed}`;
  const cut = interrupted ? style.unsure("Interrupted: judged is what was recorded until then.\n\n") : "";
  process.stdout.write(
    `${style.strong(title)}\n\n${cut}${verdictText(verdict, style)}\n\n` +
      repetitionText(repetition, racySteps ?? 0) +
      `Run directory: ${directory}\n` +
      (report === undefined ? "" : `Report:        ${report}\n`) +
      `Run it again:  ${repeatCommand(args, seed)}\n`,
  );
}

function repetitionText(repetition: RunOutcome["repetition"], racySteps: number): string {
  const racy =
    racySteps === 0
      ? ""
      : `${racySteps} steps were the server's to order: another execution may differ in them.\n\n`;
  if (repetition === undefined) return racy;
  const { times, identical, difference } = repetition;
  const how =
    difference === undefined
      ? `Executed ${times} times: identical, byte for byte.`
      : repetition.racy
        ? `Executed ${times} times: ${identical} identical. ${difference}`
        : `Not deterministic. ${difference}`;
  return `${racy}${how}\n\n`;
}

/** Time in an interleaved execution is the number of the step. */
function refuseTime(flags: Flags): void {
  for (const name of ["time-limit", "rate", "nemesis-interval", "nemesis-duration"] as const)
    if (flags[name] !== undefined)
      throw new UsageError(
        `--${name} is about time, which an interleaved run has none of: bound it with --ops`,
      );
}
