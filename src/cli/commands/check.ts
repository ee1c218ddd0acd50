import type { Argv, CommandModule } from "yargs";

import type { CheckOptions } from "../../checkers/check.ts";
import type { History } from "../../history/history.ts";
import { exitCodeOf, worstOf, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { reportError } from "../report-error.ts";
import { fileNamed } from "../stdin-name.ts";
import { UsageError } from "../usage-error.ts";

type Flags = GlobalFlags & {
  files: string[];
  workload: string | undefined;
  model: string | undefined;
  "linearizable-keys": boolean;
  "sequential-keys": boolean;
  "wfr-keys": boolean;
  witnesses: string | undefined;
};

/** `isolab check`: what saved histories prove, ours or anyone's. */
export const checkCommand: CommandModule<GlobalFlags, Flags> = {
  command: "check <files..>",
  describe: "check saved histories (JSONL, JSON, EDN), from isolab, Jepsen or anyone",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .positional("files", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "history files; - is stdin",
      })
      .options({
        workload: {
          type: "string",
          requiresArg: true,
          describe:
            "list-append, rw-register, set, …; or ./file.ts, to check that workload's own invariants, too; what the history's header says when left out",
        },
        model: {
          type: "string",
          requiresArg: true,
          describe:
            "the consistency model to judge by; what the header's level promises, else strict-serializable",
        },
        "linearizable-keys": {
          type: "boolean",
          default: false,
          describe:
            "registers: trust that nobody sees a key go back in real time, and order its values by that",
        },
        "sequential-keys": {
          type: "boolean",
          default: false,
          describe: "registers: trust that no process sees a key go back, and order its values by that",
        },
        "wfr-keys": {
          type: "boolean",
          default: false,
          describe: "registers: trust that a transaction which reads and writes a key replaces what it read",
        },
        witnesses: {
          type: "string",
          requiresArg: true,
          describe: "write each witness as Markdown, DOT and SVG into this directory",
        },
      })
      .example("$0 check runs/latest/history.jsonl", "judge the last run again")
      .example("$0 check history.edn --workload list-append --model serializable", "a Jepsen history"),
  handler: settle(check),
};

async function check(flags: Flags): Promise<ExitCode> {
  const { isModel } = await import("../../checkers/models/names.ts");
  if (flags.model !== undefined && !isModel(flags.model)) {
    throw new UsageError(`there is no consistency model "${flags.model}"; see isolab list models`);
  }
  const codes: ExitCode[] = [];
  for (const file of flags.files.map(fileNamed)) {
    try {
      codes.push(await checkFile(file, flags));
    } catch (error) {
      codes.push(reportError(error, flags.verbose));
    }
  }
  return worstOf(codes);
}

/** The kind of objects by name, or the checks of a workload file and those that the history asks for besides. */
async function workloadOf(
  workload: string | undefined,
  { header }: History,
): Promise<Pick<CheckOptions, "workload" | "checks">> {
  if (workload === undefined) return {};
  const { isPath, loadWorkload } = await import("../load-workload.ts");
  const { checkersOf } = await import("../../workload/invariant.ts");
  if (!isPath(workload)) return { workload };
  const [chosen] = await loadWorkload(workload);
  if (chosen === undefined) throw new UsageError(`${workload} has no variants`);
  const { name } = chosen.workload;
  if (header !== null && header.workload !== name)
    throw new UsageError(`the history is of workload "${header.workload}", and ${workload} is "${name}"`);
  const checks = checkersOf(chosen.workload);
  const names = new Set(checks.map((check) => (typeof check === "string" ? check : check.name)));
  return { checks: [...checks, ...(header?.checks ?? []).filter((one) => !names.has(one))] };
}

async function checkFile(file: string, flags: Flags): Promise<ExitCode> {
  const { loadHistory } = await import("../../history/load-history.ts");
  const { check: judge } = await import("../../checkers/check.ts");
  const { history, warnings } = await loadHistory(file);
  for (const warning of warnings) process.stderr.write(`isolab: ${warning}\n`);
  const { withAvailability } = await import("../../checkers/availability/with-availability.ts");
  const judged = judge(history, {
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(await workloadOf(flags.workload, history)),
    linearizableKeys: flags["linearizable-keys"],
    sequentialKeys: flags["sequential-keys"],
    wfrKeys: flags["wfr-keys"],
  });
  const verdict = withAvailability(judged, history);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ file, ...verdict })}\n`);
  } else {
    const { styleFor } = await import("../../report/terminal/style.ts");
    const { verdictText } = await import("../../report/terminal/verdict.ts");
    const style = styleFor(process.stdout);
    process.stdout.write(`${style.strong(file)}\n\n${verdictText(verdict, style)}\n`);
  }
  if (flags.witnesses !== undefined) {
    const { saveWitnesses, witnessDirectory } = await import("../save-witnesses.ts");
    const directory = witnessDirectory(flags.witnesses, flags.files, file);
    await saveWitnesses(directory, verdict, flags.quiet);
  }
  return exitCodeOf(verdict.valid);
}
