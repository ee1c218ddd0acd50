import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Argv, CommandModule } from "yargs";

import type { Cell } from "../../campaign/compare/cell.ts";
import type { CompareAsked } from "../../campaign/compare/compare-asked.ts";
import type { TargetRequest } from "../../campaign/target.ts";
import { compareOptions, resumedFlags, type CompareFlags } from "../compare-options.ts";
import { comparePlan, type ComparePlan, type PlannedCell } from "../compare-plan.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { jobsOf, refuseOthers, shardOf } from "../matrix-flags.ts";
import { onServers, type Job } from "../on-servers.ts";
import { UsageError } from "../usage-error.ts";

/** `isolab compare`: workloads × levels × databases, as one matrix. */
export const compareCommand: CommandModule<GlobalFlags, CompareFlags> = {
  command: "compare",
  describe: "run workloads at several levels on several databases, as one matrix",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options(compareOptions)
      .example(
        "$0 compare --workload register --db postgres,mariadb",
        "every variant of register on both databases",
      )
      .example("$0 compare --workload append --seed 7 --shard 2/4", "the second quarter of a matrix")
      .example("$0 compare --resume runs/latest", "go on after an interruption")
      .example("$0 compare --hermitage --db postgres,mariadb", "which level prevents what"),
  handler: settle(compare),
};

async function compare(flags: CompareFlags): Promise<ExitCode> {
  const args = process.argv.slice(2);
  if (flags.hermitage) {
    const allowed = ["hermitage", "db", "url", "set", "durable", "isolation", "markdown"];
    refuseOthers(args, allowed, "--hermitage has schedules of its own, and leaves no runs");
    const { hermitage } = await import("../hermitage.ts");
    return hermitage(flags);
  }
  const { checkMarkdown } = await import("../compare-result.ts");
  if (flags.resume !== undefined) {
    refuseOthers(
      args,
      ["resume", "url", "jobs", "no-report"],
      "what --resume goes on with was asked then, and stays so",
    );
    return resume(flags, flags.resume);
  }
  const shard = shardOf(flags.shard);
  if (shard !== null && flags.seed === undefined)
    throw new UsageError("--shard needs --seed: all parts of a matrix have the same one");
  checkMarkdown(flags.markdown);
  const { freshSeed } = await import("../../random/entropy.ts");
  const plan = await comparePlan(flags, shard, flags.seed ?? freshSeed());
  return carryOut(flags, plan, undefined);
}

async function resume(flags: CompareFlags, directory: string): Promise<ExitCode> {
  const { inShard, readAsked } = await import("../../campaign/compare/compare-asked.ts");
  const { removeUnfinished } = await import("../../campaign/compare/saved-cells.ts");
  const asked = readAsked(directory);
  const then = { ...resumedFlags(flags, asked.flags), ...serversThen(flags, asked) };
  const plan = await comparePlan({ ...then, markdown: asked.markdown ?? undefined }, asked.shard, asked.seed);
  const same = (part: keyof CompareAsked): boolean =>
    JSON.stringify(plan.asked[part]) === JSON.stringify(asked[part]);
  if (!same("servers"))
    throw new UsageError(
      `--url must name the same kinds of servers as then, in that order: ${asked.servers.map((server) => ("url" in server ? server.url : server.db)).join(", ")}`,
    );
  if (!same("cells"))
    throw new UsageError(`what ${directory} was asked for has other cells now than then: run it anew`);
  removeUnfinished(directory, inShard(asked.cells, asked.shard));
  return carryOut(then, plan, directory);
}

/** The servers of the user's are given again, since nobody wrote their URLs down. @throws UsageError */
function serversThen(flags: CompareFlags, { servers }: CompareAsked): Pick<CompareFlags, "db" | "url"> {
  const own = servers.flatMap((server) => ("db" in server ? [server.db] : []));
  if (own.length === servers.length) {
    if (flags.url === undefined) return { db: own.join(","), url: undefined };
    throw new UsageError("leave out --url: what --resume goes on with ran on throw-away servers");
  }
  if (flags.url === undefined)
    throw new UsageError(
      `give --url again, ${servers.length === 1 ? "once" : `${servers.length} times`}: isolab writes no URL down`,
    );
  return { db: undefined, url: flags.url };
}

/** @param resumed the directory of a comparison that goes on; a new one is made when undefined */
async function carryOut(
  flags: CompareFlags,
  plan: ComparePlan,
  resumed: string | undefined,
): Promise<ExitCode> {
  const { inShard, writeAsked } = await import("../../campaign/compare/compare-asked.ts");
  const { readCell } = await import("../../campaign/compare/saved-cells.ts");
  const { exitCodeFor, tellResult } = await import("../compare-result.ts");
  const { asked } = plan;
  const wanted = inShard(plan.cells, asked.shard);
  const found = new Map<string, Cell>();
  if (resumed !== undefined)
    for (const { name } of wanted) {
      const cell = readCell(join(resumed, name));
      if (cell !== undefined) found.set(name, cell);
    }
  const open = wanted.filter(({ name }) => !found.has(name));
  const servers = [...new Set(open.map(({ server }) => server))];
  const limits = jobsOf(flags, servers.length, plan.pace.sessions);
  const requests = servers.flatMap((server) => plan.requests[server - 1] ?? []);
  let directory = resumed ?? "";
  let interrupted = false;
  try {
    if (open.length === 0) {
      directory = resumed ?? (await emptyShard(flags, asked));
    } else {
      const title = `${wanted.length} cells`;
      const frame = { ...flags, title, linked: resumed === undefined, existing: resumed };
      interrupted = await onServers(requests, frame, async (job) => {
        ({ directory } = job);
        if (resumed === undefined) writeAsked(directory, asked);
        await execute(flags, { job, limits, plan, open, servers, found, total: wanted.length });
        await writePages(flags, job, [...found.values()]);
        return job.stop.aborted;
      });
    }
  } finally {
    // Cells that were finished stay finished, whatever befell a later one.
    const cells = wanted.flatMap(({ name }) => found.get(name) ?? []);
    const missing = wanted.length - cells.length;
    const urls = flags.url?.length ?? 0;
    if (directory !== "" && (cells.length > 0 || missing === 0 || interrupted))
      tellResult(
        { directory, seed: asked.seed, shard: asked.shard, cells, missing, urls },
        { json: flags.json, markdown: asked.markdown },
      );
  }
  return interrupted ? exitCodes.interrupted : exitCodeFor([...found.values()]);
}

/** There are more parts than cells, and this one has none: it says so by an empty comparison. */
async function emptyShard(flags: CompareFlags, asked: CompareAsked): Promise<string> {
  const { realClock } = await import("../../clock/real-clock.ts");
  const { newRunDirectory } = await import("../new-run-directory.ts");
  const { writeAsked } = await import("../../campaign/compare/compare-asked.ts");
  const directory = newRunDirectory(flags.out, realClock().date());
  writeAsked(directory, asked);
  return directory;
}

interface Execution {
  readonly job: Job;
  readonly limits: ReturnType<typeof jobsOf>;
  readonly plan: ComparePlan;
  /** The cells that are to be run, and on which of the job's servers. */
  readonly open: readonly PlannedCell[];
  readonly servers: readonly number[];
  /** Where each cell goes when it is finished, by name. */
  readonly found: Map<string, Cell>;
  readonly total: number;
}

async function execute(
  flags: CompareFlags,
  { job, limits, plan, open, servers, found, total }: Execution,
): Promise<void> {
  const { compareCells } = await import("../../campaign/compare/compare-cells.ts");
  const { cellArguments } = await import("../cell-arguments.ts");
  const { saveCommand } = await import("../saved-command.ts");
  const { line } = job;
  const running = new Map<string, string>();
  await compareCells({
    ...job,
    ...limits,
    model: plan.model,
    settings: plan.settings,
    cells: open.flatMap((cell) => {
      const target = job.targets[servers.indexOf(cell.server)];
      return target === undefined ? [] : [{ ...cell, target }];
    }),
    progress: ({ name, config, server }, { ok, fail, info, planned }) => {
      const share = Math.floor((100 * (ok + fail + info)) / planned);
      const where =
        servers.length > 1 || plan.requests.length > 1 ? `${serverName(plan.requests, server)} ` : "";
      running.set(
        name,
        `${where}${config.workload.name}:${config.variantName} at ${config.isolation} ${share} %`,
      );
      line.show(`${found.size} of ${total} done  ${[...running.values()].join(" · ")}`);
    },
    finished: (cell) => {
      found.set(cell.name, cell);
      const planned = open.find(({ name }) => name === cell.name);
      if (planned !== undefined) saveCommand(cell.run, cellArguments(plan.asked, planned));
      running.delete(cell.name);
      line.clear();
      if (flags.quiet || flags.json) return;
      const { database, version, workload, variant, isolation, observed } = cell;
      process.stderr.write(
        `${found.size} of ${total}  ${database} ${version} ${workload}:${variant} at ${isolation}: ${observed.join(", ") || "nothing"}\n`,
      );
    },
  });
}

/** The page of each run that has none yet, for the matrix to lead to. Ends early when it is interrupted. */
async function writePages(
  flags: CompareFlags,
  { line, stop }: Pick<Job, "line" | "stop">,
  cells: readonly Cell[],
): Promise<void> {
  const { reportUnlessRefused } = await import("../report-option.ts");
  const { runFiles } = await import("../../runner/run-directory.ts");
  for (const [i, { run }] of cells.entries()) {
    if (stop.aborted || flags["no-report"]) break;
    line.show(`${i + 1} of ${cells.length} pages`);
    if (!existsSync(join(run, runFiles.report))) await reportUnlessRefused(flags, run);
  }
  line.clear();
}

/** Until it has said itself what it is. */
function serverName(requests: readonly TargetRequest[], server: number): string {
  const request = requests[server - 1];
  return request === undefined || "url" in request ? `server ${server}` : request.db;
}
