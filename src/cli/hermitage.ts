import type { HermitageReport } from "../campaign/hermitage/hermitage.ts";
import type { Prevention } from "../campaign/hermitage/published.ts";
import type { Target } from "../campaign/target.ts";
import type { Clock } from "../clock/clock.ts";
import { isolationLevels, type IsolationLevel } from "../history/header.ts";
import type { CompareFlags } from "./compare-options.ts";
import { serversAsked } from "./compare-plan.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { progressLine } from "./progress.ts";
import { settingsOf } from "./run-options.ts";
import { isolationLevel, list } from "./values.ts";

/** `isolab compare --hermitage`: which level prevents which phenomenon, server by server. */
export async function hermitage(flags: CompareFlags): Promise<ExitCode> {
  const requests = serversAsked(flags);
  const levels = levelsOf(flags);
  const { checkMarkdown } = await import("./compare-result.ts");
  checkMarkdown(flags.markdown);
  const { realClock } = await import("../clock/real-clock.ts");
  const { withTargets } = await import("./with-targets.ts");
  const clock = realClock();
  const reports: HermitageReport[] = [];
  let interrupted: boolean;
  let complete = false;
  try {
    interrupted = await withTargets(requests, clock, async (targets, stop) => {
      for (const target of targets) {
        if (stop.aborted) break;
        reports.push(await tableOf(target, levels, { flags, clock, stop }));
      }
      complete = !stop.aborted;
      return stop.aborted;
    });
  } finally {
    // What was seen of one server stays seen, whatever befell the next one.
    const seen = reports.filter(({ fields }) => fields.length > 0);
    if (seen.length > 0) await tell(flags, seen, complete);
  }
  return interrupted ? exitCodes.interrupted : exitCodeFor(reports);
}

function levelsOf({ isolation }: CompareFlags): readonly IsolationLevel[] {
  if (isolation === undefined) return isolationLevels;
  return [...new Set(list("--isolation", isolation).map(isolationLevel))];
}

interface Surroundings {
  readonly flags: CompareFlags;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

async function tableOf(
  target: Target,
  levels: readonly IsolationLevel[],
  { flags, clock, stop }: Surroundings,
): Promise<HermitageReport> {
  const { hermitage: tryAll } = await import("../campaign/hermitage/hermitage.ts");
  const line = progressLine(() => clock.nanos(), !flags.quiet && !flags.json);
  try {
    return await tryAll({
      target,
      levels,
      settings: settingsOf(flags),
      clock,
      stop,
      progress: (isolation, phenomenon) => {
        line.show(`trying ${phenomenon} at ${isolation}`);
      },
      warn: (sentence) => process.stderr.write(`isolab: ${sentence}\n`),
    });
  } finally {
    line.clear();
  }
}

/** @param complete whether nothing broke it off */
async function tell(
  { json, markdown }: CompareFlags,
  reports: readonly HermitageReport[],
  complete: boolean,
): Promise<void> {
  if (markdown !== undefined) {
    const { writeMarkdown } = await import("./compare-result.ts");
    const { hermitageMarkdown } = await import("../report/hermitage/hermitage-markdown.ts");
    writeMarkdown(markdown, hermitageMarkdown(reports));
  }
  if (json) {
    process.stdout.write(`${JSON.stringify({ complete, reports })}\n`);
    return;
  }
  const { styleFor } = await import("../report/terminal/style.ts");
  const { hermitageLegendText, hermitageText } = await import("../report/terminal/hermitage.ts");
  const style = styleFor(process.stdout);
  const parts = [...reports.map((report) => hermitageText(report, style)), hermitageLegendText(style)];
  if (!complete) parts.push(style.unsure("It broke off: not everything was tried."));
  process.stdout.write(`${parts.join("\n\n")}\n`);
}

const strength: Readonly<Record<Prevention, number>> = { occurs: 0, "read-only": 1, prevented: 2 };

/** A regression is what is published as prevented and is not. */
function exitCodeFor(reports: readonly HermitageReport[]): ExitCode {
  const isWeaker = reports.some(({ fields }) =>
    fields.some(({ found, published }) => strength[found] < strength[published]),
  );
  return isWeaker ? exitCodes.anomaly : exitCodes.valid;
}
