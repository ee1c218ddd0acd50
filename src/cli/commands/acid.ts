import type { Argv, CommandModule } from "yargs";

import type { AcidReport } from "../../campaign/acid/acid-report.ts";
import type { Target } from "../../campaign/target.ts";
import type { Clock } from "../../clock/clock.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { progressLine } from "../progress.ts";
import { throwAway, usersOwn } from "../run-options.ts";
import { list } from "../values.ts";

type Flags = GlobalFlags & { db: string | undefined; url: string | undefined };

/** `isolab acid`: atomicity, consistency, isolation and durability in one sitting. */
export const acidCommand: CommandModule<GlobalFlags, Flags> = {
  command: "acid",
  describe: "see atomicity, consistency, isolation level by level, and durability on a real server",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options({
        db: {
          type: "string",
          requiresArg: true,
          describe: "throw-away servers, by comma: postgres (default), mysql, mariadb",
          conflicts: "url",
          group: "Database:",
        },
        url: {
          type: "string",
          requiresArg: true,
          describe: "use a server of yours, which is not killed: postgres://… or mysql://…",
          group: "Database:",
        },
      })
      .example("$0 acid --db postgres,mariadb", "both databases, one after the other"),
  handler: settle(acid),
};

async function acid(flags: Flags): Promise<ExitCode> {
  const requests =
    flags.url === undefined
      ? list("--db", flags.db ?? "postgres").map((name) => throwAway(name, { durable: true }))
      : [usersOwn(flags.url)];
  const { realClock } = await import("../../clock/real-clock.ts");
  const { withTargets } = await import("../with-targets.ts");

  const reports: AcidReport[] = [];
  const clock = realClock();
  let interrupted: boolean;
  let complete = false;
  try {
    interrupted = await withTargets(requests, clock, async (targets, stop) => {
      for (const target of targets) {
        if (stop.aborted) break;
        reports.push(await tryOn(target, flags, clock, stop));
      }
      complete = !stop.aborted;
      return stop.aborted;
    });
  } finally {
    // What was seen of one server stays seen, whatever befell the next one.
    const seen = reports.filter(({ checks }) => checks.length > 0);
    if (seen.length > 0) await print(flags, seen, complete);
  }
  if (interrupted) return exitCodes.interrupted;
  const isBroken = reports.some(({ checks }) => checks.some(({ outcome }) => outcome === "broken"));
  return isBroken ? exitCodes.anomaly : exitCodes.valid;
}

async function tryOn(target: Target, flags: Flags, clock: Clock, stop: AbortSignal): Promise<AcidReport> {
  const { runAcid } = await import("../../campaign/acid/run-acid.ts");
  const line = progressLine(() => clock.nanos(), !flags.quiet && !flags.json);
  try {
    return await runAcid({
      target,
      clock,
      stop,
      progress: (property) => {
        line.show(`trying ${property}`);
      },
      warn: (sentence) => process.stderr.write(`isolab: ${sentence}\n`),
    });
  } finally {
    line.clear();
  }
}

/** @param complete whether nothing broke it off */
async function print(flags: Flags, reports: readonly AcidReport[], complete: boolean): Promise<void> {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ complete, reports })}\n`);
    return;
  }
  const { styleFor } = await import("../../report/terminal/style.ts");
  const { acidText } = await import("../../report/terminal/acid.ts");
  const style = styleFor(process.stdout);
  const parts = reports.map((report) => acidText(report, style));
  if (!complete) parts.push(style.unsure("It broke off: not everything was tried."));
  process.stdout.write(`${parts.join("\n\n")}\n`);
}
