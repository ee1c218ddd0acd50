import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Argv, CommandModule, InferredOptionTypes, Options } from "yargs";

import type { Baseline } from "../../campaign/gate/baseline.ts";
import type { TriedCell } from "../../campaign/gate/gate.ts";
import type { GateLine } from "../../report/gate/complaint-text.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { gateCells, nameOf, requestOf } from "../gate-cells.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { loadConfig } from "../load-config.ts";
import { onServers } from "../on-servers.ts";
import { UsageError } from "../usage-error.ts";

const gateOptions = {
  config: {
    type: "string",
    requiresArg: true,
    describe: "the config (default: isolab.config.ts)",
    group: "Gate:",
  },
  baseline: {
    type: "string",
    requiresArg: true,
    describe: "the baseline (default: the config's, isolab.baseline.json)",
    group: "Gate:",
  },
  update: {
    type: "boolean",
    default: false,
    describe: "write the baseline from what shows now, and say what changed",
    group: "Gate:",
  },
  strict: {
    type: "boolean",
    default: false,
    describe: "fail also when something expected does not show any more",
    group: "Gate:",
  },
  junit: { type: "string", requiresArg: true, describe: "write the result as JUnit XML", group: "Output:" },
  markdown: {
    type: "string",
    requiresArg: true,
    describe: "write the result for a comment on a merge request",
    group: "Output:",
  },
  out: {
    type: "string",
    requiresArg: true,
    describe: "the directory to make (default: runs/<stamp>)",
    group: "Output:",
  },
} as const satisfies Record<string, Options>;

type Flags = GlobalFlags & InferredOptionTypes<typeof gateOptions>;

/** `isolab gate`: the matrix against a committed baseline. */
export const gateCommand: CommandModule<GlobalFlags, Flags> = {
  command: "gate",
  describe: "hold the workloads of isolab.config.ts to a committed baseline; the exit code for CI",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options(gateOptions)
      .example("$0 gate --update", "write the baseline, to be committed")
      .example("$0 gate --strict --junit gate.xml", "in CI"),
  handler: settle(run),
};

async function run(flags: Flags): Promise<ExitCode> {
  const { file, config } = await loadConfig(flags.config);
  const path = flags.baseline ?? join(dirname(file), config.baseline);
  const { decodeBaseline } = await import("../../campaign/gate/baseline.ts");
  const { gate } = await import("../../campaign/gate/gate.ts");
  const before = existsSync(path) ? decodeBaseline(readFileSync(path, "utf8"), path) : undefined;
  if (before === undefined && !flags.update)
    throw new UsageError(`there is no baseline at ${path}: write one with isolab gate --update`);
  const requests = config.targets.map(requestOf);
  const lines: GateLine[] = [];
  const job = await onServers(requests, { ...flags, title: "the gate", linked: true }, async (around) => {
    const { targets, line, directory, clock, stop, warn } = around;
    const cells = await gateCells({ config, folder: dirname(file) }, targets, {
      directory,
      clock,
      stop,
      warn,
    });
    const tried = await gate({
      cells,
      baseline: flags.update ? undefined : before,
      strict: flags.strict,
      began: (name, number) => {
        line.show(`${number + 1} of ${cells.length}  ${name}`);
      },
      finished: async (cell) => {
        const told = await lineOf(cell);
        lines.push(told);
        if (flags.json) return;
        line.clear();
        const { styleFor } = await import("../../report/terminal/style.ts");
        const { gateLineText } = await import("../../report/terminal/gate.ts");
        process.stdout.write(gateLineText(told, styleFor(process.stdout)));
      },
    });
    return { tried, interrupted: stop.aborted, directory };
  });
  if (flags.update && !job.interrupted)
    await update(flags, path, before, job.tried, config.targets.map(nameOf));
  await writeOutputs(flags, lines, path);
  await print(flags, lines, job);
  if (job.interrupted) return exitCodes.interrupted;
  return exitCodeFor(lines);
}

function exitCodeFor(lines: readonly GateLine[]): ExitCode {
  const kinds = lines.flatMap(({ complaints }) => complaints.map(({ kind }) => kind));
  if (kinds.some((kind) => kind !== "unknown")) return exitCodes.anomaly;
  return kinds.length > 0 || lines.length === 0 ? exitCodes.unknown : exitCodes.valid;
}

/** A cell as all outputs tell it, with the command that shows the first forbidden anomaly again. */
async function lineOf(cell: TriedCell): Promise<GateLine> {
  const { name, target, workload, variant, isolation, version, seconds, result, complaints } = cell;
  const shown = [...new Set([...result.searched, ...result.freely])].sort();
  const line = { name, target, workload, variant, isolation, version, seconds, shown, complaints };
  const forbidden = complaints.find(({ kind }) => kind === "forbidden");
  if (forbidden?.kind !== "forbidden") return line;
  return { ...line, ...(await shownAgain(cell, forbidden)) };
}

async function shownAgain(
  { result, request, spec }: TriedCell,
  { anomaly, where }: { readonly anomaly: string; readonly where: "search" | "free-running" },
): Promise<Pick<GateLine, "explanation" | "replay">> {
  const { finding, database, searchDirectory, freeDirectory } = result;
  const { quoted, replayCommand } = await import("../repeat-command.ts");
  if (where === "search" && finding !== undefined) {
    const { saveReproduction } = await import("../save-reproduction.ts");
    const saved = await saveReproduction(finding, request.search, database, searchDirectory);
    const { verdict } = finding.shrunk ?? finding;
    const explanation = verdict.anomalies[finding.anomaly]?.[0]?.explanation;
    return { ...(explanation === undefined ? {} : { explanation }), replay: replayCommand(spec, saved) };
  }
  if (freeDirectory === undefined) return {};
  const { runFiles } = await import("../../runner/run-directory.ts");
  const verdict = JSON.parse(readFileSync(join(freeDirectory, runFiles.verdict), "utf8")) as {
    anomalies: Record<string, { explanation: string }[]>;
  };
  const explanation = verdict.anomalies[anomaly]?.[0]?.explanation;
  const history = quoted(join(freeDirectory, runFiles.history));
  return { ...(explanation === undefined ? {} : { explanation }), replay: `npx isolab check ${history}` };
}

/** Writes the baseline and tells what changed. Cells of servers that the config names no more are dropped. */
async function update(
  { json }: Flags,
  path: string,
  before: Baseline | undefined,
  tried: readonly TriedCell[],
  targets: readonly string[],
): Promise<void> {
  const { baselineChanges, encodeBaseline, updatedCell } = await import("../../campaign/gate/baseline.ts");
  const { writeTextFile } = await import("../write-text-file.ts");
  const after: Baseline = {
    isolab: 1,
    versions: Object.fromEntries(
      targets.flatMap((target) =>
        tried.filter((cell) => cell.target === target).map(({ version }) => [target, version]),
      ),
    ),
    cells: Object.fromEntries(
      tried.map(({ name, result }) => [name, updatedCell(before?.cells[name], result)]),
    ),
  };
  writeTextFile(path, encodeBaseline(after));
  if (json) return;
  const changes = baselineChanges(before, after);
  const told = changes.length === 0 ? "nothing changed\n" : `${changes.join("\n")}\n`;
  process.stdout.write(`\n${path}:\n${told}`);
}

async function writeOutputs(flags: Flags, lines: readonly GateLine[], baseline: string): Promise<void> {
  const { writeTextFile } = await import("../write-text-file.ts");
  if (flags.junit !== undefined) {
    const { junitXml } = await import("../../report/gate/junit.ts");
    writeTextFile(flags.junit, junitXml(lines));
  }
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (flags.markdown !== undefined || summary !== undefined) {
    const { gateMarkdown } = await import("../../report/gate/markdown.ts");
    const text = gateMarkdown(lines);
    if (flags.markdown !== undefined) writeTextFile(flags.markdown, text);
    if (summary !== undefined) appendFileSync(summary, text);
  }
  if (process.env.GITHUB_ACTIONS === "true" && !flags.json) {
    const { githubAnnotations } = await import("../../report/gate/github.ts");
    for (const annotation of githubAnnotations(lines, baseline)) process.stdout.write(`${annotation}\n`);
  }
}

async function print(
  flags: Flags,
  lines: readonly GateLine[],
  { interrupted, directory }: { readonly interrupted: boolean; readonly directory: string },
): Promise<void> {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ run: directory, interrupted, cells: lines })}\n`);
    return;
  }
  const { styleFor } = await import("../../report/terminal/style.ts");
  const { gateSummary } = await import("../../report/terminal/gate.ts");
  process.stdout.write(`\n${gateSummary(lines, styleFor(process.stdout))}\nRun directory: ${directory}\n`);
}
