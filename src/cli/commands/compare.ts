import type { Argv, CommandModule } from "yargs";

import type { Cell, CellRequest } from "../../campaign/compare.ts";
import type { Target } from "../../campaign/target.ts";
import type { Clock } from "../../clock/clock.ts";
import { isolationLevels, type IsolationLevel } from "../../history/header.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { onInterrupt } from "../interruption.ts";
import type { ChosenWorkload } from "../load-workload.ts";
import { progressLine } from "../progress.ts";
import {
  faultsOf,
  givenParameters,
  paceOf,
  settingsOf,
  throwAway,
  usersOwn,
  runOptions,
  type RunFlags,
} from "../run-options.ts";
import { isolationLevel, list } from "../values.ts";

/** Per cell: enough that what must show does, few enough that a matrix takes seconds. */
const defaultOperations = 400;

type Flags = GlobalFlags &
  RunFlags & { workload: string; isolation: string | undefined; db: string | undefined };

/** `isolab compare`: workloads × levels × databases, as one matrix. */
export const compareCommand: CommandModule<GlobalFlags, Flags> = {
  command: "compare",
  describe: "run workloads at several levels on several databases, as one matrix",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options({
        ...runOptions,
        workload: {
          type: "string",
          default: "register",
          describe: "one or more, by comma; all variants of a workload when none is named",
          group: "Run:",
        },
        isolation: {
          type: "string",
          describe: "one or more levels, by comma (default: all four)",
          group: "Run:",
        },
        db: {
          type: "string",
          describe: "throw-away servers, by comma: postgres (default), mysql, mariadb",
          conflicts: "url",
          group: "Database:",
        },
      })
      .example(
        "$0 compare --workload register --db postgres,mariadb",
        "every variant of register on both databases",
      ),
  handler: settle(compare),
};

async function compare(flags: Flags): Promise<ExitCode> {
  const workloads = await chosenWorkloads(flags);
  const levels = flags.isolation === undefined ? isolationLevels : list(flags.isolation).map(isolationLevel);
  const requests =
    flags.url === undefined
      ? list(flags.db ?? "postgres").map((name) => throwAway(name, flags))
      : [usersOwn(flags.url)];
  const { realClock } = await import("../../clock/real-clock.ts");
  const { acquireTarget } = await import("../../campaign/target.ts");
  const { freshSeed } = await import("../../random/entropy.ts");
  const { newRunDirectory } = await import("../new-run-directory.ts");

  const clock = realClock();
  const directory = newRunDirectory(flags.out, clock.date());
  const seed = flags.seed ?? freshSeed();
  const targets: Target[] = [];
  const interruption = onInterrupt();
  try {
    const cells: CellRequest[] = [];
    for (const [number, request] of requests.entries()) {
      const target = await acquireTarget(request, clock);
      targets.push(target);
      const label = "db" in request ? request.db : "url";
      cells.push(
        ...(await cellsFor(flags, {
          workloads,
          levels,
          seed,
          url: target.url,
          label: `${number + 1}-${label}`,
        })),
      );
    }
    const found = await execute(flags, cells, { directory, clock, stop: interruption.signal });
    await print(flags, found, { directory, seed });
    if (interruption.signal.aborted) return exitCodes.interrupted;
    return await exitCodeFor(found);
  } finally {
    await Promise.all(targets.map((target) => target.release()));
    interruption.dispose();
  }
}

async function chosenWorkloads(flags: Flags): Promise<readonly ChosenWorkload[]> {
  const { loadWorkload } = await import("../load-workload.ts");
  return (await Promise.all(list(flags.workload).map(loadWorkload))).flat();
}

interface CellSpace {
  readonly workloads: readonly ChosenWorkload[];
  readonly levels: readonly IsolationLevel[];
  readonly seed: string;
  readonly url: string;
  readonly label: string;
}

/** Every variant at every level it makes sense at. */
async function cellsFor(flags: Flags, space: CellSpace): Promise<readonly CellRequest[]> {
  const { parametersFor } = await import("../../workload/parameters.ts");
  const pace = paceOf(flags, defaultOperations);
  const given = givenParameters(flags);
  const faults = await faultsOf(flags);
  return space.workloads.flatMap((chosen) =>
    space.levels
      .filter((isolation) => chosen.variant.levels?.includes(isolation) ?? true)
      .map((isolation) => ({
        url: space.url,
        name: `${space.label}-${chosen.workload.name}-${chosen.variantName}-${isolation}`,
        config: {
          ...chosen,
          ...pace,
          faults,
          isolation,
          seed: space.seed,
          parameters: parametersFor(chosen.workload, given),
        },
      })),
  );
}

async function execute(
  flags: Flags,
  cells: readonly CellRequest[],
  around: { readonly directory: string; readonly clock: Clock; readonly stop: AbortSignal },
): Promise<readonly Cell[]> {
  const { compareCells } = await import("../../campaign/compare.ts");
  const line = progressLine(() => around.clock.nanos(), !flags.quiet && !flags.json);
  let done = 0;
  try {
    return await compareCells({
      ...around,
      cells,
      settings: settingsOf(flags),
      model: flags.model,
      warn: (sentence) => process.stderr.write(`isolab: ${sentence}\n`),
      progress: ({ config }, { ok, fail, info, planned }) => {
        const share = Math.floor((100 * (ok + fail + info)) / planned);
        const name = `${config.workload.name}:${config.variantName} at ${config.isolation}`;
        line.show(`${done + 1} of ${cells.length}  ${name}  ${share} %`);
      },
      finished: (cell) => {
        done++;
        line.clear();
        if (flags.quiet || flags.json) return;
        const found = cell.observed.join(", ") || "nothing";
        process.stderr.write(
          `${done} of ${cells.length}  ${cell.database} ${cell.workload}:${cell.variant} at ${cell.isolation}: ${found}\n`,
        );
      },
    });
  } finally {
    line.clear();
  }
}

async function exitCodeFor(cells: readonly Cell[]): Promise<ExitCode> {
  const { asDeclared } = await import("../../campaign/compare.ts");
  if (cells.some((cell) => cell.valid !== "unknown" && !asDeclared(cell))) return exitCodes.anomaly;
  return cells.some((cell) => cell.valid === "unknown") ? exitCodes.unknown : exitCodes.valid;
}

async function print(
  flags: Flags,
  cells: readonly Cell[],
  { directory, seed }: { readonly directory: string; readonly seed: string },
): Promise<void> {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ run: directory, seed, cells })}\n`);
    return;
  }
  const { styleFor } = await import("../../report/terminal/style.ts");
  const { matrixText } = await import("../../report/terminal/matrix.ts");
  const { safeLevelsText } = await import("../../report/terminal/safe-levels.ts");
  const style = styleFor(process.stdout);
  process.stdout.write(`\n${matrixText(cells, style)}\n\n${safeLevelsText(cells, style)}\n\n`);
  process.stdout.write(`Run directory: ${directory} (seed ${seed})\n${await nextSteps(cells)}`);
}

async function nextSteps(cells: readonly Cell[]): Promise<string> {
  const example = cells.find((cell) => cell.valid === false) ?? cells[0];
  if (example === undefined) return "";
  const { table } = await import("../../report/terminal/table.ts");
  const { run, workload, variant, isolation } = example;
  const steps = [
    [`npx isolab check ${run}/history.jsonl`, "why, transaction by transaction"],
    [
      `npx isolab run --workload ${workload}:${variant} --isolation ${isolation}`,
      "the same race, other luck",
    ],
    ["npx isolab compare --db postgres,mariadb --workload register,append", "all variants, both databases"],
    ["npx isolab list", "what else there is"],
  ];
  return `What to try next:\n${table(steps).replaceAll(/^/gm, "  ")}\n`;
}
