import { join } from "node:path";
import type { Argv, CommandModule } from "yargs";

import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { UsageError } from "../usage-error.ts";

type Flags = GlobalFlags & {
  run: string;
  out: string | undefined;
  open: boolean;
};

/** `isolab report`: a run as one HTML file, made from the files of its directory. */
export const reportCommand: CommandModule<GlobalFlags, Flags> = {
  command: "report [run]",
  describe: "make the HTML report of a run: verdict, anomalies, timeline, plots",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .positional("run", { type: "string", default: join("runs", "latest"), describe: "a run directory" })
      .options({
        out: {
          type: "string",
          requiresArg: true,
          describe: "the file to write (default: report.html in the run directory)",
        },
        open: { type: "boolean", default: false, describe: "open it in a browser" },
      })
      .example("$0 report --open", "look at the last run")
      .example("$0 report runs/20260131-235959 --out /tmp/race.html", "take one along"),
  handler: settle(report),
};

async function report(flags: Flags): Promise<ExitCode> {
  if (flags.out === "") throw new UsageError("--out names no file");
  const { saveReport } = await import("../save-report.ts");
  const saved = await saveReport(flags.run, flags.out);
  process.stdout.write(flags.json ? `${JSON.stringify(saved)}\n` : `${saved.report}\n`);
  if (flags.open) {
    const { openFile } = await import("../open-file.ts");
    const why = await openFile(saved.report);
    if (why !== undefined) process.stderr.write(`isolab: open ${saved.report} yourself, for ${why}\n`);
  }
  return exitCodes.valid;
}
