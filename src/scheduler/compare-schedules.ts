import { granted, type Move } from "./move.ts";
import { sessionList } from "./schedule-divergence.ts";
import type { Schedule, Step, StepOutcome } from "./schedule.ts";
import { inOrder } from "./step-json.ts";

/** What of a step can differ, in the order in which it comes about, and how it is given. */
interface Compared {
  readonly ready: Step["ready"];
  readonly blocked: Step["blocked"];
  readonly move: Move;
  readonly points: Step["points"];
  readonly outcomes: Step["outcomes"];
  /** Steps of the whole schedule: one of the two ends before this step, and was the same until then. */
  readonly length: number;
}

/** The first difference of two executions: of this step, this. */
export type ScheduleDifference = {
  [What in keyof Compared]: {
    readonly step: number;
    readonly what: What;
    readonly expected: Compared[What];
    readonly found: Compared[What];
  };
}[keyof Compared];

/**
 * The first step at which two executions differ, and the first thing about it; undefined when they are the
 * same step for step. Seed, strategy, number and the mark `racy` say nothing about what happened and
 * are not compared. Linear.
 */
export function compareSchedules(expected: Schedule, found: Schedule): ScheduleDifference | undefined {
  for (const [step, theirs] of found.steps.entries()) {
    const ours = expected.steps[step];
    if (ours === undefined) break;
    const difference = compareSteps(step, inOrder(ours), inOrder(theirs));
    if (difference !== undefined) return difference;
  }
  const [ours, theirs] = [expected.steps.length, found.steps.length];
  if (ours === theirs) return undefined;
  return { step: Math.min(ours, theirs), what: "length", expected: ours, found: theirs };
}

/** A difference as one sentence for people. */
export function describeDifference(difference: ScheduleDifference): string {
  const { step, what } = difference;
  switch (what) {
    case "ready":
    case "blocked": {
      const [expected, found] = [sessionList(difference.expected), sessionList(difference.found)];
      return `Before step ${step}, ${found} ${what === "ready" ? "could go on" : "waited for a lock"}, and not ${expected} as expected.`;
    }
    case "move":
      return `At step ${step}, ${describeMove(difference.found)}, and not ${describeMove(difference.expected)} as expected.`;
    case "points":
      return `At step ${step}, the move led to ${describePoints(difference.found)}, and not to ${describePoints(difference.expected)} as expected.`;
    case "outcomes":
      return `Step ${step} ended with ${describeOutcomes(difference.found)}, and not with ${describeOutcomes(difference.expected)} as expected.`;
    case "length":
      return `The execution has ${difference.found} steps, and not ${difference.expected} as expected; up to step ${step} they are the same.`;
  }
}

function compareSteps(step: number, ours: Step, theirs: Step): ScheduleDifference | undefined {
  if (differ(ours.ready, theirs.ready))
    return { step, what: "ready", expected: ours.ready, found: theirs.ready };
  if (differ(ours.blocked, theirs.blocked))
    return { step, what: "blocked", expected: ours.blocked, found: theirs.blocked };
  if (differ(ours.move, theirs.move)) return { step, what: "move", expected: ours.move, found: theirs.move };
  if (differ(ours.points, theirs.points))
    return { step, what: "points", expected: ours.points, found: theirs.points };
  if (differ(ours.outcomes, theirs.outcomes))
    return { step, what: "outcomes", expected: ours.outcomes, found: theirs.outcomes };
  return undefined;
}

/** Both come with their fields in one order, so the texts are equal when the values are. */
function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

function describeMove(move: Move): string {
  const sessions = sessionList(granted(move));
  switch (move.kind) {
    case "grant":
      return `${sessions} went on`;
    case "overlap":
      return `${sessions} went on at once`;
    case "fault":
      return `the fault ${move.fault} struck session ${move.session}`;
  }
}

function describePoints(points: Step["points"]): string {
  const each = points.map(({ kind, operation, attempt }) => {
    const again = attempt === 0 ? "" : `, attempt ${attempt + 1}`;
    return `a ${kind} of operation ${operation}${again}`;
  });
  return each.length === 0 ? "no point" : each.join(" and ");
}

function describeOutcomes(outcomes: readonly StepOutcome[]): string {
  return outcomes.length === 0 ? "no outcome" : outcomes.map(describeOutcome).join(", then ");
}

function describeOutcome(outcome: StepOutcome): string {
  const who = `in session ${outcome.session}`;
  if ("rows" in outcome) return `${plural(outcome.rows, "row")} read ${who}`;
  if ("affected" in outcome) return `${plural(outcome.affected, "row")} written ${who}`;
  if ("error" in outcome) return `error ${outcome.error} ${who}`;
  if ("blocked" in outcome) return `a wait for a lock ${who}`;
  if ("deferred" in outcome) return `a statement sent back ${who}`;
  return `success ${who}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
