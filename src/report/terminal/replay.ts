import type { Verdict } from "../../checkers/verdict.ts";
import type { Style } from "./style.ts";

/** What of a replay is told. */
export interface ReplayView {
  readonly identical: boolean | null;
  readonly firstDifference:
    | {
        readonly sentence?: string;
        readonly line?: {
          readonly line: number;
          readonly recorded: string | null;
          readonly replayed: string | null;
        };
      }
    | undefined;
  readonly verdict: Verdict;
  readonly recordedVerdict: Verdict | undefined;
  readonly interrupted: boolean;
}

/** How a replay went as text for a terminal, without a line break at the end. */
export function replayText(view: ReplayView, style: Style): string {
  const { identical, firstDifference, verdict } = view;
  if (view.interrupted)
    return style.unsure("? interrupted: it was not executed to its end, so there is nothing to compare");
  const found = verdict.observed.length === 0 ? "no anomaly" : verdict.observed.join(", ");
  if (firstDifference === undefined) return `${agreement(view, style)}\n  it shows ${found}`;
  const { sentence, line } = firstDifference;
  return [
    style.bad(identical === null ? "✗ the verdicts differ" : "✗ not identical"),
    ...(sentence === undefined ? [] : [`  ${sentence}`]),
    ...(line === undefined
      ? []
      : [
          `  first difference in line ${line.line} of the history:`,
          `    recorded  ${line.recorded ?? "(ends here)"}`,
          `    replayed  ${line.replayed ?? "(ends here)"}`,
        ]),
    `  it shows ${found}`,
  ].join("\n");
}

function agreement({ identical, recordedVerdict }: ReplayView, style: Style): string {
  if (identical === true) return style.good("✓ identical, byte for byte");
  return recordedVerdict === undefined
    ? style.good("✓ executed move by move, and there is no history to compare with")
    : style.good("✓ executed again from its plan: the verdicts are the same");
}
