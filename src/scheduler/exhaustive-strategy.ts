import { executedPoint, type Fork, requireSameChoice, samePoint, waitingAt } from "./fork.ts";
import { type ExecutedPoint, independent, type IndependenceOptions } from "./independence.ts";
import type { Move } from "./move.ts";
import { preemptions } from "./preemptions.ts";
import { situationOf } from "./replay-strategy.ts";
import { ScheduleDivergence } from "./schedule-divergence.ts";
import { stayOn } from "./stay-on.ts";
import type { Choice, Strategy } from "./strategy.ts";

export interface ExhaustiveOptions extends IndependenceOptions {
  /**
   * At most so many preemptions in a schedule: times that a session is left although it is ready and in the
   * midst of an attempt. No bound unless given. A bound of n includes the schedules of all lower bounds.
   */
  readonly preemptions?: number | undefined;
  /** Leave out schedules that are equivalent to executed ones; true unless given. Never with a bound. */
  readonly prune?: boolean | undefined;
}

/** An exploration under way, and how far it has come. */
export interface Exploration extends Strategy {
  /** Schedules that were executed to their end. */
  readonly explored: number;
  /** Those of them that turned out, under way, to be equivalent to earlier ones: the price of not knowing ahead. */
  readonly redundant: number;
  /** Branches that were not taken because all schedules through them are equivalent to executed ones. */
  readonly pruned: number;
  /** Whether equivalent schedules are being left out. */
  readonly pruning: boolean;
}

/**
 * Every interleaving, one schedule each: a stateless depth-first search over the choices. Each schedule
 * repeats the moves of the one before up to the last choice with an alternative left, and takes it; `end`
 * answers false when there is none. A session is let go on for as long as it can, so the first schedule
 * has no preemption. Memory and the work per step grow with the length of one schedule only.
 *
 * Pruning is by sleep sets (Godefroid, LNCS 1032, chapter 5). When the schedules that go on with one session
 * have been executed, that session sleeps in the branches that go on with another one, until a step
 * comes that its own does not commute with ({@link independent}): to let it go before would
 * swap two steps and nothing else. All final states, answers and orders of operations in real time remain.
 * It holds where what is ready is not known ahead and steps block and wake sessions: who sleeps was ready and
 * was executed at that very choice, what came of it was seen, and it sleeps on only while it stays ready
 * at the same point. With a bound on preemptions it would not hold, because the one executed among
 * equivalent schedules may be one beyond the bound: a bound switches it off. It does not hold either for
 * sessions that wait for each other outside the database, as for a connection of a pool: when one is seen to
 * come back from nowhere, other than to a phase that begins for all, pruning is switched off and the
 * exploration begins anew.
 *
 * `pick` and `end` throw {@link ScheduleDivergence} when a repeated choice is not the one it was.
 *
 * @throws RangeError unless `preemptions` is an integer ≥ 0 or undefined
 */
export function exhaustiveStrategy(options: ExhaustiveOptions): Exploration {
  return new DepthFirst(options);
}

class DepthFirst implements Exploration {
  readonly name = "exhaustive";
  explored = 0;
  redundant = 0;
  pruned = 0;
  pruning: boolean;
  readonly #options: ExhaustiveOptions;
  readonly #bound: number;
  /** The choices of the schedule under way, from its first step; none of those made adrift. */
  readonly #forks: Fork[] = [];
  #decided = 0;
  /** Nothing new branches off from here on; the schedule is only brought to its end. */
  #adrift = false;
  /** Sessions that were ready or blocked at the last choice; before the first one, all. */
  #here = new Set<number>();
  /** Sessions that are neither: they have finished, or wait for something that we do not know. */
  #away = new Set<number>();
  #someBlocked = false;
  /** Nobody but the session that was let go could do anything at the last choice. */
  #lone = false;
  #shared = false;

  constructor(options: ExhaustiveOptions) {
    const { preemptions, prune = true } = options;
    if (preemptions !== undefined && (!Number.isInteger(preemptions) || preemptions < 0))
      throw new RangeError(`preemptions needs an integer from 0, got ${preemptions}`);
    this.#options = options;
    this.#bound = preemptions ?? Infinity;
    this.pruning = prune && preemptions === undefined;
  }

  begin(_schedule: number, sessions: number): void {
    this.#decided = 0;
    this.#adrift = false;
    this.#here = new Set(Array.from({ length: sessions }, (_, session) => session));
    this.#away = new Set();
    this.#someBlocked = false;
    this.#lone = false;
  }

  pick(choice: Choice): Move {
    this.#watch(choice);
    const depth = this.#decided;
    this.#decided += 1;
    if (this.#adrift) return grant(stayOn(choice));
    const known = this.#forks[depth];
    if (known !== undefined) {
      requireSameChoice(known.choice, choice);
      return grant(known.taken.session);
    }
    const fork = this.#fork(choice);
    if (fork === undefined) {
      this.redundant += 1;
      this.#adrift = true;
      return grant(stayOn(choice));
    }
    this.#forks.push(fork);
    return grant(fork.taken.session);
  }

  end(): boolean {
    const missed = this.#adrift ? undefined : this.#forks[this.#decided];
    if (missed !== undefined)
      throw new ScheduleDivergence(missed.choice.step, situationOf(missed.choice), "end");
    this.explored += 1;
    if (this.#shared && this.pruning) {
      this.pruning = false;
      this.#forks.length = 0;
      return true;
    }
    if (!this.#adrift) this.#settle(undefined);
    return this.#advance();
  }

  /** The next branch in the order of the search, if there is one. */
  #advance(): boolean {
    for (let fork = this.#forks.at(-1); fork !== undefined; fork = this.#forks.at(-1)) {
      if (fork.executed !== undefined) fork.asleep.push(fork.executed);
      const next = fork.open.shift();
      if (next !== undefined) {
        fork.taken = next;
        fork.executed = undefined;
        return true;
      }
      this.#forks.pop();
    }
    return false;
  }

  /** A choice that is met for the first time; undefined when whatever is taken has been executed before. */
  #fork(choice: Choice): Fork | undefined {
    const parent = this.#settle(choice);
    const asleep = parent === undefined ? [] : this.#stillAsleep(parent, choice);
    const spent = parent === undefined ? 0 : parent.preemptions + preemptions(parent.choice, parent.taken);
    const awake = choice.ready.filter(({ session }) =>
      asleep.every(({ point }) => point.session !== session),
    );
    const [taken, ...open] = awake
      .filter((point) => spent + preemptions(choice, point) <= this.#bound)
      .sort((a, b) => Number(b.session === choice.last) - Number(a.session === choice.last));
    if (taken === undefined) return undefined;
    this.pruned += choice.ready.length - awake.length;
    return { choice, preemptions: spent, asleep, taken, open, executed: undefined };
  }

  /** Notes what came of the last step: the choice after it shows it, or the end of the schedule. */
  #settle(after: Choice | undefined): Fork | undefined {
    const fork = this.#forks.at(-1);
    if (fork !== undefined) fork.executed = executedPoint(fork, after);
    return fork;
  }

  #stillAsleep(parent: Fork, choice: Choice): ExecutedPoint[] {
    const { executed } = parent;
    if (!this.pruning || executed === undefined) return [];
    const waiting = waitingAt(this.#forks, parent);
    return parent.asleep.filter(
      (sleeper) =>
        choice.ready.some((point) => samePoint(point, sleeper.point)) &&
        independent(sleeper, executed, waiting, this.#options),
    );
  }

  /** Looks for sessions that wait for each other elsewhere than in the database. */
  #watch(choice: Choice): void {
    const here = new Set([...choice.ready.map(({ session }) => session), ...choice.blocked]);
    for (const session of here) if (this.#away.delete(session) && !this.#lone) this.#shared = true;
    for (const session of this.#here) if (!here.has(session)) this.#leave(session);
    this.#here = here;
    this.#someBlocked = choice.blocked.length > 0;
    this.#lone = here.size === 1;
  }

  #leave(session: number): void {
    // Where one may wait at a time, a session that was sent back comes again when that one has gone on.
    if (this.#options.oneWaiter !== true || !this.#someBlocked) this.#away.add(session);
  }
}

function grant(session: number): Move {
  return { kind: "grant", session };
}
