import type { Verdict } from "../../checkers/verdict.ts";
import type { Style } from "./style.ts";

/** What of an exploration is told. */
export interface ExplorationView {
  readonly executed: number;
  readonly asked: number;
  readonly distinct: number;
  readonly complete: boolean | undefined;
  readonly pruned: number | undefined;
  /** How many preemptions a schedule could have at most; undefined where there was no bound. */
  readonly preemptions: number | undefined;
  readonly racy: number;
  readonly oneWaiter: boolean;
  readonly committed: boolean;
  readonly timedOut: boolean;
  readonly interrupted: boolean;
  readonly stuck: string | undefined;
  readonly finding:
    | {
        readonly anomaly: string;
        readonly schedule: number;
        readonly verdict: Verdict;
        readonly shrunk:
          | {
              readonly transactions: number;
              readonly statements: number;
              readonly switches: number;
              readonly executions: number;
              readonly verdict: Verdict;
              readonly rate: { readonly shows: number; readonly of: number } | undefined;
            }
          | undefined;
      }
    | undefined;
}

/** An exploration's outcome as text for a terminal, without a line break at the end. */
export function explorationText(view: ExplorationView, style: Style): string {
  const { finding } = view;
  const lines =
    finding === undefined ? nothingFound(view, style) : foundText(finding, view.interrupted, style);
  return [...lines, ...reservations(view)].join("\n");
}

function foundText(
  { anomaly, schedule, shrunk, verdict }: NonNullable<ExplorationView["finding"]>,
  interrupted: boolean,
  style: Style,
): readonly string[] {
  const explanation = (shrunk?.verdict ?? verdict).anomalies[anomaly]?.[0]?.explanation;
  const allowed = verdict.anomalyTypes.includes(anomaly) ? "" : `, which ${verdict.model} allows`;
  return [
    style.bad(`✗ found ${anomaly} in schedule ${schedule + 1}${allowed}`),
    ...(interrupted && shrunk === undefined ? ["  interrupted before it was made small"] : []),
    ...(shrunk === undefined
      ? []
      : [
          `  shrunk to ${plural(shrunk.transactions, "transaction")}, ${plural(shrunk.statements, "statement")} and ${plural(shrunk.switches, "switch", "switches")} in ${plural(shrunk.executions, "execution")}`,
        ]),
    ...(shrunk?.rate === undefined
      ? []
      : [
          `  its moves show it in ${shrunk.rate.shows} of ${shrunk.rate.of} executions: the server has a say`,
        ]),
    ...(explanation === undefined ? [] : ["", explanation]),
  ];
}

function nothingFound(view: ExplorationView, style: Style): readonly string[] {
  const { executed, asked, complete, distinct, pruned, stuck, committed } = view;
  const sum = `${plural(executed, "schedule")} executed, ${distinct} different`;
  if (view.interrupted) return [style.unsure(`? interrupted: ${sum}, nothing found until then`)];
  if (!committed)
    return [style.unsure(`? unknown: nothing was committed in ${plural(executed, "schedule")}`)];
  if (stuck !== undefined) return [style.unsure(`? unknown: ${stuck}`), `  ${sum}`];
  if (complete === true) {
    const bound =
      view.preemptions === undefined ? "" : ` with at most ${plural(view.preemptions, "preemption")}`;
    return [
      style.good(`✓ nothing found in any interleaving${bound}`),
      `  ${sum}${pruned === undefined || pruned === 0 ? "" : `, ${plural(pruned, "branch", "branches")} left out as equivalent`}`,
    ];
  }
  const rest = complete === false ? "; there are more" : "";
  const head = executed < asked && !view.timedOut ? style.unsure("? unknown") : style.good("✓ nothing found");
  return [head, `  ${sum}${rest}`];
}

function reservations({ racy, oneWaiter }: ExplorationView): readonly string[] {
  return [
    ...(oneWaiter ? ["  over schedules with at most one waiter for a lock at a time (InnoDB)"] : []),
    ...(racy > 0
      ? [`  ${plural(racy, "schedule")} with steps that were the server's to order: they may not repeat`]
      : []),
  ];
}

function plural(count: number, noun: string, more = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : more}`;
}
