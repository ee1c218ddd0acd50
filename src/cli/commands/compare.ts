import type { Argv, CommandModule } from "yargs";

import type { Cell, CellRequest } from "../../campaign/compare.ts";
import type { Target } from "../../campaign/target.ts";
import { isolationLevels, type IsolationLevel } from "../../history/header.ts";
import type { FaultPlan } from "../../runner/fault-plan.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { fittedTo } from "../fitted-server.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import type { ChosenWorkload } from "../load-workload.ts";
import { faultOptions, faultsOf, type FaultFlags } from "../fault-options.ts";
import { onServers, type Job } from "../on-servers.ts";
import {
  givenParameters,
  modelOf,
  paceOf,
  settingsOf,
  runOptions,
  serversOf,
  type RunFlags,
} from "../run-options.ts";
import { isolationLevel, list } from "../values.ts";

/** Per cell: enough that what must show does, few enough that a matrix takes seconds. */
const defaultOperations = 400;

type Flags = GlobalFlags &
  RunFlags &
  FaultFlags & { workload: string; isolation: string | undefined; db: string | undefined };

/** `isolab compare`: workloads × levels × databases, as one matrix. */
export const compareCommand: CommandModule<GlobalFlags, Flags> = {
  command: "compare",
  describe: "run workloads at several levels on several databases, as one matrix",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options({
        ...runOptions,
        ...faultOptions,
        workload: {
          type: "string",
          requiresArg: true,
          default: "register",
          describe: "one or more, by comma; all variants of a workload when none is named",
          group: "Run:",
        },
        isolation: {
          type: "string",
          requiresArg: true,
          describe: "one or more levels, by comma (default: all four)",
          group: "Run:",
        },
        db: {
          type: "string",
          requiresArg: true,
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
  const levels =
    flags.isolation === undefined
      ? isolationLevels
      : list("--isolation", flags.isolation).map(isolationLevel);
  const requests = serversOf(flags);
  const { freshSeed } = await import("../../random/entropy.ts");

  const seed = flags.seed ?? freshSeed();
  const model = await modelOf(flags);
  const space = {
    workloads,
    levels,
    seed,
    names: requests.map((request) => ("db" in request ? request.db : "url")),
  };
  const faults = await faultsOf(flags, requests);
  const fitted = await Promise.all(requests.map((request) => fittedTo(request, faults?.nemeses ?? [])));
  const cells = await cellsFor(flags, space, faults);
  const found: Cell[] = [];
  let directory = "";
  let interrupted: boolean;
  try {
    const title = `${workloads.length} variants`;
    interrupted = await onServers(fitted, { ...flags, title, linked: true }, async (job) => {
      ({ directory } = job);
      await execute(flags, cells(job.targets), { ...job, model, found });
      return job.stop.aborted;
    });
  } finally {
    // Cells that were finished stay finished, whatever befell a later one.
    if (found.length > 0) await print(flags, found, { directory, seed, workloads });
  }
  return interrupted ? exitCodes.interrupted : exitCodeFor(found);
}

async function chosenWorkloads(flags: Flags): Promise<readonly ChosenWorkload[]> {
  const { loadWorkload } = await import("../load-workload.ts");
  return (await Promise.all(list("--workload", flags.workload).map(loadWorkload))).flat();
}

interface CellSpace {
  readonly workloads: readonly ChosenWorkload[];
  readonly levels: readonly IsolationLevel[];
  readonly seed: string;
  /** One for each server, for the names of directories. */
  readonly names: readonly string[];
}

/** Every variant at every level it makes sense at, on each server once there is one. */
async function cellsFor(
  flags: Flags,
  { workloads, levels, seed, names }: CellSpace,
  faults: FaultPlan | undefined,
): Promise<(targets: readonly Target[]) => readonly CellRequest[]> {
  const { parametersFor } = await import("../../workload/parameters.ts");
  const pace = paceOf(flags, defaultOperations);
  const given = givenParameters(flags);
  const configs = workloads.flatMap((chosen) => {
    const parameters = parametersFor(chosen.workload, given);
    return levels
      .filter((isolation) => chosen.variant.levels?.includes(isolation) ?? true)
      .map((isolation) => ({ ...chosen, ...pace, faults, isolation, seed, parameters }));
  });
  return (targets) =>
    targets.flatMap((target, number) =>
      configs.map((config) => ({
        target,
        config,
        name: `${number + 1}-${names[number] ?? ""}-${config.workload.name}-${config.variantName}-${config.isolation}`,
      })),
    );
}

interface Execution extends Job {
  readonly model: string | undefined;
  /** Where each cell goes when it is finished. */
  readonly found: Cell[];
}

async function execute(flags: Flags, cells: readonly CellRequest[], around: Execution): Promise<void> {
  const { compareCells } = await import("../../campaign/compare.ts");
  const { found, line } = around;
  await compareCells({
    ...around,
    cells,
    settings: settingsOf(flags),
    progress: ({ config }, { ok, fail, info, planned }) => {
      const share = Math.floor((100 * (ok + fail + info)) / planned);
      const name = `${config.workload.name}:${config.variantName} at ${config.isolation}`;
      line.show(`${found.length + 1} of ${cells.length}  ${name}  ${share} %`);
    },
    finished: (cell) => {
      found.push(cell);
      line.clear();
      if (flags.quiet || flags.json) return;
      const { database, workload, variant, isolation, observed } = cell;
      process.stderr.write(
        `${found.length} of ${cells.length}  ${database} ${workload}:${variant} at ${isolation}: ${observed.join(", ") || "nothing"}\n`,
      );
    },
  });
}

async function exitCodeFor(cells: readonly Cell[]): Promise<ExitCode> {
  const { asDeclared } = await import("../../campaign/compare.ts");
  if (cells.some((cell) => cell.valid !== "unknown" && !asDeclared(cell))) return exitCodes.anomaly;
  return cells.some((cell) => cell.valid === "unknown") ? exitCodes.unknown : exitCodes.valid;
}

async function print(
  flags: Flags,
  cells: readonly Cell[],
  { directory, seed, workloads }: Pick<CellSpace, "seed" | "workloads"> & { readonly directory: string },
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
  process.stdout.write(`Run directory: ${directory} (seed ${seed})\n${await nextSteps(cells, workloads)}`);
}

async function nextSteps(cells: readonly Cell[], workloads: readonly ChosenWorkload[]): Promise<string> {
  const example = cells.find((cell) => cell.valid === false) ?? cells[0];
  if (example === undefined) return "";
  const { table } = await import("../../report/terminal/table.ts");
  const { isPath } = await import("../load-workload.ts");
  const { quoted } = await import("../repeat-command.ts");
  const { run, database, workload, variant, isolation } = example;
  const source = workloads.find((chosen) => chosen.workload.name === workload)?.source ?? workload;
  // A saved history tells the name only, and its invariants are in the file.
  const file = isPath(source) ? ` --workload ${quoted(source)}` : "";
  const again = quoted(`${source}:${variant}`);
  const steps = [
    [`npx isolab check ${quoted(`${run}/history.jsonl`)}${file}`, "why, transaction by transaction"],
    [
      `npx isolab run --db ${database} --workload ${again} --isolation ${isolation}`,
      "the same race, other luck",
    ],
    ["npx isolab compare --db postgres,mariadb --workload register,append", "all variants, both databases"],
    ["npx isolab list", "what else there is"],
  ];
  return `What to try next:\n${table(steps).replaceAll(/^/gm, "  ")}\n`;
}
