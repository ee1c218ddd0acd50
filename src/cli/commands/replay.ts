import type { Argv, CommandModule, InferredOptionTypes, Options } from "yargs";

import type { Replayed } from "../../campaign/replay.ts";
import type { RunConfig } from "../../runner/run-config.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { onServers } from "../on-servers.ts";
import { recordedRun, recordedToken, type RecordedRun } from "../recorded-run.ts";
import { modelOf, runOptions, serverOf, settingsOf, type RunFlags } from "../run-options.ts";
import { UsageError } from "../usage-error.ts";

const replayOptions = {
  url: runOptions.url,
  durable: runOptions.durable,
  set: runOptions.set,
  model: runOptions.model,
  out: runOptions.out,
  token: {
    type: "string",
    requiresArg: true,
    describe: "what isolab explore printed, instead of a path",
    group: "Replay:",
  },
  workload: {
    type: "string",
    requiresArg: true,
    describe: "where the workload is, if it was a file: ./file.ts",
    group: "Replay:",
  },
} as const satisfies Record<string, Options>;

type Flags = GlobalFlags & InferredOptionTypes<typeof replayOptions> & { path: string | undefined };

/** `isolab replay`: a recorded run once more, and whether the same happens. */
export const replayCommand: CommandModule<GlobalFlags, Flags> = {
  command: "replay [path]",
  describe: "execute a recorded run again and compare",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .positional("path", {
        type: "string",
        describe: "a run directory, its history.jsonl, or a repro.json",
      })
      .options(replayOptions)
      .example("$0 replay runs/latest", "identical, or the first difference")
      .example("$0 replay --token isl1…", "the same from a token that explore printed"),
  handler: settle(run),
};

async function run(flags: Flags): Promise<ExitCode> {
  if ((flags.path === undefined) === (flags.token === undefined))
    throw new UsageError("name either a run directory or a --token to replay");
  const recorded =
    flags.token === undefined ? await recordedRun(flags.path ?? "") : await recordedToken(flags.token);
  const config = await configOf(flags, recorded);
  const runFlags = flags as unknown as RunFlags;
  const settings = settingsOf(runFlags);
  const model = await modelOf(runFlags);
  const request = serverOf({ ...runFlags, db: recorded.database.kind });
  const { replay } = await import("../../campaign/replay.ts");
  const title = `${config.workload.name}:${config.variantName} at ${config.isolation}`;
  const replayed = await onServers(
    [request],
    { ...flags, title, linked: false },
    ({ targets, line, ...job }) =>
      replay({
        ...job,
        config,
        recorded: recorded.recorded,
        recordedOn: recorded.database,
        settings,
        target: targets[0],
        model,
        progress: (done, planned) => {
          line.show(`${title}: ${done} of ${planned} operations`);
        },
      }),
  );
  await print(flags, config, replayed);
  if (replayed.interrupted) return exitCodes.interrupted;
  return replayed.firstDifference === undefined ? exitCodes.valid : exitCodes.anomaly;
}

async function configOf(flags: Flags, recorded: RecordedRun): Promise<RunConfig> {
  const { builtInWorkloads, loadWorkload } = await import("../load-workload.ts");
  const { parametersFor } = await import("../../workload/parameters.ts");
  const { plan, variant, isolation } = recorded;
  const source = flags.workload ?? recorded.workload;
  const named = variant === undefined || source.includes(":") ? source : `${source}:${variant}`;
  if (flags.workload === undefined && !builtInWorkloads().includes(recorded.workload))
    throw new UsageError(
      `the run is of a workload that does not come with isolab, "${recorded.workload}": say where it is with --workload ./file.ts`,
    );
  const [chosen] = await loadWorkload(named);
  if (chosen === undefined) throw new UsageError(`${named} has no variants`);
  if (chosen.workload.name !== recorded.workload)
    throw new UsageError(`the run is of workload "${recorded.workload}", and ${named} is another one`);
  // The header's parameters hold what the plan was drawn with besides.
  const given = Object.entries(recorded.parameters)
    .filter(([name]) => name in chosen.workload.parameters)
    .map(([name, value]) => [name, JSON.stringify(value)] as const);
  return {
    ...chosen,
    plan,
    seed: plan.seed,
    parameters: parametersFor(chosen.workload, given),
    isolation,
    sessions: plan.sessions.length,
    operations: plan.sessions.reduce((sum, entries) => sum + entries.length, 0),
    rate: undefined,
    timeLimitMs: undefined,
    thinkMs: 2,
    faults: undefined,
  };
}

async function print(flags: Flags, config: RunConfig, replayed: Replayed): Promise<void> {
  const { directory, database, identical, firstDifference, verdict, interrupted } = replayed;
  if (flags.json) {
    const what = { run: directory, seed: config.seed, workload: config.workload.name };
    const difference = firstDifference === undefined ? {} : { firstDifference };
    const where = { variant: config.variantName, database, isolation: config.isolation };
    // Of an execution that was cut short there is nothing to compare.
    const how = interrupted ? { interrupted } : { identical, ...difference };
    process.stdout.write(`${JSON.stringify({ ...what, ...where, ...how, ...verdict })}\n`);
    return;
  }
  const { styleFor } = await import("../../report/terminal/style.ts");
  const { replayText } = await import("../../report/terminal/replay.ts");
  const style = styleFor(process.stdout);
  const title = `${config.workload.name}:${config.variantName} on ${database.kind} ${database.version} at ${config.isolation}, seed ${config.seed}`;
  process.stdout.write(
    `${style.strong(title)}\n\n${replayText(replayed, style)}\n\nRun directory: ${directory}\n`,
  );
}
