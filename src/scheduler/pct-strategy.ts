import type { Rng } from "../random/rng.ts";
import type { Point } from "./point.ts";
import { scheduleStream } from "./random-strategy.ts";
import type { Strategy } from "./strategy.ts";

export interface PctOptions {
  readonly seed: string;
  /** How many ordering constraints the bug that is looked for needs: 1 or more. */
  readonly depth: number;
  /** Steps that a schedule is expected to have, for the first one; later ones know the longest before them. */
  readonly expectedSteps: number;
}

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized
 * Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010, section 2). The ready session of
 * highest priority goes on. The sessions' first priorities are a random order; at each of depth − 1
 * random steps the session whose turn it is falls below all that have not fallen.
 *
 * The guarantee: a bug of depth d (d constraints on the order of two steps suffice for it) among n
 * sessions and at most k steps shows itself in each schedule with probability at least 1/(n·k^(d−1)),
 * whatever the program is. k is the length of the longest schedule executed so far, so a schedule
 * depends on its number, the seed and that length. Endless.
 *
 * @throws RangeError unless depth and expectedSteps are integers ≥ 1
 */
export function pctStrategy({ seed, depth, expectedSteps }: PctOptions): Strategy {
  requireCount("depth", depth);
  requireCount("expectedSteps", expectedSteps);
  let longest = 0;
  let decided = 0;
  let priorities: number[] = [];
  let changes: readonly PriorityChange[] = [];
  return {
    name: "pct",
    begin: (schedule, sessions) => {
      const rng = scheduleStream(seed, schedule);
      const steps = longest === 0 ? expectedSteps : longest;
      priorities = shuffled(sessions, rng).map((place) => depth + place);
      changes = Array.from({ length: depth - 1 }, (_, index) => ({
        step: rng.int(steps),
        priority: index + 1,
      }));
      decided = 0;
    },
    pick: ({ ready }) => {
      for (const { step, priority } of changes)
        if (step === decided) priorities[highest(ready, priorities)] = priority;
      decided += 1;
      return { kind: "grant", session: highest(ready, priorities) };
    },
    end: () => {
      longest = Math.max(longest, decided);
      return true;
    },
  };
}

/** Just before this decision the session that would be let go gets this priority, below every first one. */
interface PriorityChange {
  readonly step: number;
  readonly priority: number;
}

/** Two change points may fall together, and so may two priorities: only then the lower number goes first. */
function highest(ready: readonly Point[], priorities: readonly number[]): number {
  const of = (session: number): number => priorities[session] ?? 0;
  return ready.map(({ session }) => session).reduce((best, other) => (of(other) > of(best) ? other : best));
}

/** The integers from 0 in random order (Fisher and Yates). */
function shuffled(count: number, rng: Rng): number[] {
  const items = Array.from({ length: count }, (_, index) => index);
  for (let end = count - 1; end > 0; end -= 1) {
    const [item = 0] = items.splice(rng.int(end + 1), 1);
    items.push(item);
  }
  return items;
}

function requireCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} needs an integer from 1, got ${value}`);
}
