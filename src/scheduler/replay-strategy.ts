import type { Schedule } from "./schedule.ts";
import { ScheduleDivergence, type Situation } from "./schedule-divergence.ts";
import type { Choice, Strategy } from "./strategy.ts";

/**
 * Repeats a schedule's moves, step by step and only once. A fault among the moves is answered as it
 * stands; a caller that strikes with the faults by itself need not ask at their steps.
 *
 * `pick` throws {@link ScheduleDivergence} at the first step at which other sessions are ready or
 * blocked than in the schedule, or which the schedule does not have; `end` throws it when the schedule
 * goes on.
 */
export function replayStrategy(schedule: Schedule): Strategy {
  const { steps } = schedule;
  let next = 0;
  return {
    name: "replay",
    begin: () => {
      next = 0;
    },
    pick: (choice) => {
      const step = steps[choice.step];
      const found = situationOf(choice);
      if (step === undefined) throw new ScheduleDivergence(choice.step, "end", found);
      if (!sameSessions(step.ready, found.ready) || !sameSessions(step.blocked, found.blocked))
        throw new ScheduleDivergence(choice.step, { ready: step.ready, blocked: step.blocked }, found);
      next = choice.step + 1;
      return step.move;
    },
    end: () => {
      const missing = steps.findIndex(({ move }, index) => index >= next && move.kind !== "fault");
      const step = steps[missing];
      if (step !== undefined)
        throw new ScheduleDivergence(missing, { ready: step.ready, blocked: step.blocked }, "end");
      return false;
    },
  };
}

/** The sessions of a choice, as they are compared and named in errors. */
export function situationOf({ ready, blocked }: Pick<Choice, "ready" | "blocked">): Situation {
  return { ready: ready.map(({ session }) => session), blocked };
}

/** Both lists are ascending, so equal lists are equal sets. */
export function sameSessions(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((session, index) => session === b[index]);
}
