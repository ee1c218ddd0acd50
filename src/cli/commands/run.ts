import type { Argv, CommandModule } from "yargs";

import type { RunOutcome } from "../../campaign/run-once.ts";
import type { Target } from "../../campaign/target.ts";
import type { RunConfig } from "../../runner/run-config.ts";
import { exitCodeOf, exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import type { ChosenWorkload } from "../load-workload.ts";
import { progressLine } from "../progress.ts";
import {
  faultsOf,
  givenParameters,
  modelOf,
  paceOf,
  settingsOf,
  throwAway,
  usersOwn,
  runOptions,
  type RunFlags,
} from "../run-options.ts";
import { UsageError } from "../usage-error.ts";
import { isolationLevel } from "../values.ts";

/** Enough to show what a level allows, in a second or two. */
const defaultOperations = 500;

type Flags = GlobalFlags & RunFlags & { workload: string; isolation: string; db: string | undefined };

/** `isolab run`: one workload against one database. */
export const runCommand: CommandModule<GlobalFlags, Flags> = {
  command: "run",
  describe: "run one workload against one database and judge what happened",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options({
        ...runOptions,
        workload: {
          type: "string",
          requiresArg: true,
          default: "register",
          describe: "NAME[:VARIANT] or ./file.ts[:VARIANT]",
          group: "Run:",
        },
        isolation: {
          type: "string",
          requiresArg: true,
          default: "read-committed",
          describe: "the isolation level",
          group: "Run:",
        },
        db: {
          type: "string",
          requiresArg: true,
          describe: "a throw-away server: postgres (default), mysql, mariadb",
          conflicts: "url",
          group: "Database:",
        },
      })
      .example("$0 run --workload register:naive --seed 1", "duplicate versions at READ COMMITTED")
      .example(
        "$0 run --db mariadb --workload append --isolation repeatable-read",
        "random transactions on MariaDB",
      ),
  handler: settle(run),
};

async function run(flags: Flags): Promise<ExitCode> {
  const config = await configOf(flags);
  const settings = settingsOf(flags);
  const model = await modelOf(flags);
  const request = flags.url === undefined ? throwAway(flags.db ?? "postgres", flags) : usersOwn(flags.url);
  const { realClock } = await import("../../clock/real-clock.ts");
  const { runOnce } = await import("../../campaign/run-once.ts");
  const { linkLatest, removeIfEmpty } = await import("../../runner/run-directory.ts");
  const { newRunDirectory } = await import("../new-run-directory.ts");
  const { withTargets } = await import("../with-targets.ts");

  const clock = realClock();
  const directory = newRunDirectory(flags.out, clock.date());
  const line = progressLine(() => clock.nanos(), !flags.quiet && !flags.json);
  const title = `${config.workload.name}:${config.variantName} at ${config.isolation}`;
  line.show(`starting the server for ${title}`);
  const run = async ([target]: readonly Target[], stop: AbortSignal): Promise<RunOutcome> => {
    if (target === undefined) throw new Error("a server was asked for and none was acquired");
    return runOnce({
      config,
      settings,
      directory,
      target,
      model,
      clock,
      stop,
      progress: ({ ok, fail, info, planned }) => {
        const done = ok + fail + info;
        line.show(`${title}: ${done} of ${planned} operations, ${ok} ok, ${fail} fail, ${info} info`);
      },
      warn: (sentence) => process.stderr.write(`isolab: ${sentence}\n`),
    });
  };
  let outcome: RunOutcome;
  try {
    outcome = await withTargets([request], clock, run);
  } finally {
    line.clear();
    removeIfEmpty(directory);
  }
  if (flags.out === undefined) linkLatest(directory);
  await print(flags, config, outcome);
  return outcome.interrupted ? exitCodes.interrupted : exitCodeOf(outcome.verdict.valid);
}

async function configOf(flags: Flags): Promise<RunConfig & ChosenWorkload> {
  const { loadWorkload } = await import("../load-workload.ts");
  const { parametersFor } = await import("../../workload/parameters.ts");
  const { freshSeed } = await import("../../random/entropy.ts");
  const [chosen] = await loadWorkload(flags.workload);
  if (chosen === undefined) throw new UsageError(`${flags.workload} has no variants`);
  const isolation = isolationLevel(flags.isolation);
  const { levels } = chosen.variant;
  if (levels !== undefined && !levels.includes(isolation)) {
    throw new UsageError(
      `${chosen.workload.name}:${chosen.variantName} makes sense only at ${levels.join(", ")}: add --isolation ${levels[0] ?? ""}`,
    );
  }
  return {
    ...chosen,
    ...paceOf(flags, defaultOperations),
    faults: await faultsOf(flags),
    isolation,
    seed: flags.seed ?? freshSeed(),
    parameters: parametersFor(chosen.workload, givenParameters(flags)),
  };
}

async function print(
  flags: Flags,
  config: RunConfig & ChosenWorkload,
  { directory, database, verdict, interrupted }: RunOutcome,
): Promise<void> {
  const { seed, isolation, variantName: variant } = config;
  const workload = config.workload.name;
  if (flags.json) {
    const what = { run: directory, seed, workload, variant, database, isolation };
    process.stdout.write(
      `${JSON.stringify({ ...what, ...(interrupted ? { interrupted } : {}), ...verdict })}\n`,
    );
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
      `Run directory: ${directory}\n` +
      `Run it again:  ${repeatCommand(process.argv.slice(2), seed)}\n`,
  );
}
