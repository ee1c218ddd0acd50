import type { Json } from "../history/operation.ts";
import { stream } from "../random/rng.ts";
import type { Generator } from "./generator.ts";

/** What a plan is made of: the operation's name and its arguments. */
export interface PlanOperation {
  readonly f: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** One operation of a plan. */
export interface PlanEntry<T extends PlanOperation = PlanOperation> {
  /** Number of the operation in the whole plan, from 0, in the order of drawing. */
  readonly id: number;
  readonly session: number;
  readonly f: T["f"];
  readonly args: T["args"];
  /** Not to start earlier, in nanoseconds from the start of the run; present only where a rate was asked. */
  readonly atNanos?: number;
  /** All entries of lower phases are to have ended before it starts; absent means 0. */
  readonly phase?: number;
}

/** What every session is going to do, in order. */
export interface Plan<T extends PlanOperation = PlanOperation> {
  readonly seed: string;
  /** True when the generator ended before the asked number of operations was drawn. */
  readonly exhausted: boolean;
  /** The entries of each session; ids rise and phases never fall within one. */
  readonly sessions: readonly (readonly PlanEntry<T>[])[];
}

export interface PlanOptions {
  readonly seed: string;
  /** How many sessions share the operations, at least 1. */
  readonly sessions: number;
  /** The bound on operations, all sessions together. */
  readonly operations: number;
}

/**
 * Draws a plan: the sessions take turns, no result is looked at, and all chance comes from the
 * seed's stream named `generator`. The same generator and options give the same plan on every machine.
 *
 * Virtual time stands at the latest start drawn so far, and moves on to the next awaited time when
 * every session waits. Sessions that wait for each other for ever end the plan.
 *
 * Cost: one draw per operation, one per turn of a session that has to wait.
 *
 * @throws RangeError unless sessions is an integer ≥ 1 and operations an integer ≥ 0
 * @throws Error when the generator makes all sessions wait without end
 */
export function drawPlan<T extends PlanOperation>(generator: Generator<T>, options: PlanOptions): Plan<T> {
  validate(options);
  const { seed, sessions: count, operations } = options;
  const rng = stream(seed, "generator");
  const sessions = Array.from({ length: count }, (): PlanEntry<T>[] => []);
  const turns = new Turns(count);
  let rest = generator;
  let drawnSoFar = 0;
  let phase = 0;

  while (drawnSoFar < operations) {
    const { session, time } = turns;
    const drawn = rest.draw({ time, session, sessions: count, rng });
    if (drawn.kind === "done") break;
    rest = drawn.rest;
    if (drawn.kind === "wait") {
      if (turns.waits(drawn.until) === "for ever") break;
      continue;
    }
    if (drawn.barrier === true && drawnSoFar > 0) phase += 1;
    sessions[session]?.push({
      id: drawnSoFar,
      session,
      f: drawn.operation.f,
      args: drawn.operation.args,
      ...(drawn.at > 0 ? { atNanos: drawn.at } : {}),
      ...(phase > 0 ? { phase } : {}),
    });
    drawnSoFar += 1;
    turns.drew(drawn.at);
  }
  return { seed, exhausted: drawnSoFar < operations, sessions };
}

/** Rounds in which every session waits, before that counts as without end. */
const idleRoundsAllowed = 100_000;

/** Whose turn it is, and the virtual time. */
class Turns {
  session = 0;
  time = 0;
  readonly #sessions: number;
  /** How many sessions in a row had to wait, and the earliest time one of them waits for. */
  #waiting = 0;
  #wakeAt = Infinity;
  #idleRounds = 0;

  constructor(sessions: number) {
    this.#sessions = sessions;
  }

  drew(at: number): void {
    this.time = Math.max(this.time, at);
    this.#idleRounds = 0;
    this.#everybodyMayTry();
    this.#next();
  }

  waits(until: number): "a while" | "for ever" {
    this.#waiting += 1;
    this.#wakeAt = Math.min(this.#wakeAt, until);
    this.#next();
    if (this.#waiting < this.#sessions) return "a while";
    if (this.#wakeAt === Infinity) return "for ever";
    this.#idleRounds += 1;
    if (this.#wakeAt <= this.time || this.#idleRounds > idleRoundsAllowed)
      throw new Error(`the generator lets all sessions wait without end at ${this.time} ns`);
    this.time = this.#wakeAt;
    this.#everybodyMayTry();
    return "a while";
  }

  #everybodyMayTry(): void {
    this.#waiting = 0;
    this.#wakeAt = Infinity;
  }

  #next(): void {
    this.session = (this.session + 1) % this.#sessions;
  }
}

function validate({ sessions, operations }: PlanOptions): void {
  if (!Number.isInteger(sessions) || sessions < 1)
    throw new RangeError(`a plan has an integer ≥ 1 of sessions, got ${sessions}`);
  if (!Number.isInteger(operations) || operations < 0)
    throw new RangeError(`a plan has an integer ≥ 0 of operations, got ${operations}`);
}
