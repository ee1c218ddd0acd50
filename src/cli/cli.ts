import { readFileSync } from "node:fs";
import yargs from "yargs";

import { acidCommand } from "./commands/acid.ts";
import { benchCommand } from "./commands/bench.ts";
import { checkCommand } from "./commands/check.ts";
import { compareCommand } from "./commands/compare.ts";
import { convertCommand } from "./commands/convert.ts";
import { explainCommand } from "./commands/explain.ts";
import { gateCommand } from "./commands/gate.ts";
import { exploreCommand } from "./commands/explore.ts";
import { initCommand } from "./commands/init.ts";
import { listCommand } from "./commands/list.ts";
import { mergeCommand } from "./commands/merge.ts";
import { replayCommand } from "./commands/replay.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { soakCommand } from "./commands/soak.ts";
import { exitCodeHelp } from "./exit-codes.ts";
import { reportError } from "./report-error.ts";
import { protectDash } from "./stdin-name.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Parses the arguments, runs the command and sets `process.exitCode`. Command files import what
 * they execute only when they execute, so that `--help` answers at once.
 *
 * @param args without node and script
 */
export async function cli(args: readonly string[]): Promise<void> {
  const parser = yargs(args.map(protectDash))
    .scriptName("isolab")
    .locale("en")
    .usage("$0 <command>\n\nFinds the race in your transactions before production does.")
    .parserConfiguration({
      "greedy-arrays": false,
      "strip-aliased": true,
      "camel-case-expansion": false,
      "boolean-negation": false,
    })
    .options({
      json: {
        type: "boolean",
        default: false,
        describe: "print the result as one JSON object",
        group: "Output:",
      },
      verbose: { type: "boolean", default: false, describe: "show stack traces of errors", group: "Output:" },
      quiet: { type: "boolean", default: false, describe: "no progress on stderr", group: "Output:" },
    })
    .command(runCommand)
    .command(exploreCommand)
    .command(replayCommand)
    .command(compareCommand)
    .command(gateCommand)
    .command(mergeCommand)
    .command(soakCommand)
    .command(acidCommand)
    .command(benchCommand)
    .command(reportCommand)
    .command(checkCommand)
    .command(convertCommand)
    .command(explainCommand)
    .command(listCommand)
    .command(initCommand)
    .completion("completion", "print a script for completion by bash or zsh")
    .demandCommand(1, 1, "name a command; isolab --help lists them", "one command at a time")
    .recommendCommands()
    .strict()
    .check(refuseRepeated)
    .version(version())
    .alias({ help: "h", version: "V" })
    .epilog(exitCodeHelp)
    .wrap(Math.min(110, process.stdout.columns || 100))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // The parser's own complaints come with an error or without one.
      if (error !== undefined && error.name !== "YError") throw error;
      throw new UsageError(oneLine(message ?? error?.message ?? "bad usage"));
    });
  try {
    await parser.parseAsync();
  } catch (error) {
    process.exitCode = reportError(error, args.includes("--verbose"));
  }
}

/** A flag that takes one value and was given twice is a mistake, not a list. */
function refuseRepeated(flags: Record<string, unknown>): true {
  const lists = new Set(["_", "set", "param", "files", "directories"]);
  const [command] = flags._ as readonly unknown[];
  if (command === "compare") lists.add("url");
  for (const [name, value] of Object.entries(flags)) {
    if (Array.isArray(value) && !lists.has(name)) throw new UsageError(`--${name} was given more than once`);
  }
  return true;
}

function oneLine(message: string): string {
  return message.trim().replaceAll(/\s*\n\s*/g, " ");
}

function version(): string {
  for (const up of ["../../", "../../../"]) {
    try {
      const text = readFileSync(new URL(`${up}package.json`, import.meta.url), "utf8");
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Built code lies one folder deeper than source.
    }
  }
  return "unknown";
}
