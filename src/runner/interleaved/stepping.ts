import type { Clock } from "../../clock/clock.ts";
import { DatabaseError } from "../../clients/database-error.ts";
import type { Rng } from "../../random/rng.ts";
import { granted, type Move } from "../../scheduler/move.ts";
import type { Step } from "../../scheduler/schedule.ts";
import type { Choice } from "../../scheduler/strategy.ts";
import type { TraceEvent } from "../../scheduler/trace.ts";
import type { StepCounter } from "./interleaved-execution.ts";
import { outcomeOf, tracedResult } from "./outcome.ts";
import { StuckError, type Settler } from "./settle.ts";
import type { Stepper } from "./stepper.ts";

/** When everybody waits, how often the server is asked again before that is believed: it may be about to end a deadlock. */
const lastLooks = 200;

/** A step while it is being executed. */
export type OpenStep = { -readonly [Key in keyof Step]: Step[Key] } & {
  outcomes: Step["outcomes"][number][];
};

/** What stepping is given. */
export interface SteppingOptions<S extends Stepper> {
  readonly sessions: readonly S[];
  readonly settler: Settler<S>;
  readonly counter: StepCounter;
  /** Draws who gives up when only one session may wait and all others have come to. */
  readonly harness: Rng;
  readonly clock: Clock;
  readonly trace: ((event: TraceEvent) => void) | undefined;
  /** Waits until a session that was handed something has its next turn, or has come to its end. */
  readonly rested: (session: S) => Promise<void>;
}

/** The steps of one execution: who can be let go, and what becomes of letting them go. */
export class Stepping<S extends Stepper> {
  readonly steps: Step[] = [];
  readonly #options: SteppingOptions<S>;
  #last: number | undefined;
  #endedTransactions = 0;

  constructor(options: SteppingOptions<S>) {
    this.#options = options;
  }

  /**
   * Those who wait for a turn and can use it: a statement that was taken back waits for a transaction to end, or
   * until it can be the one that waits.
   */
  ready(): readonly S[] {
    const somebodyWaits = this.#options.sessions.some(({ state }) => state === "blocked");
    return this.#options.sessions.filter(
      ({ state, deferredAt }) =>
        state === "ready" &&
        (deferredAt === undefined || this.#endedTransactions > deferredAt || !somebodyWaits),
    );
  }

  /** What a strategy is asked; undefined when nobody can be let go. */
  choice(): Choice | undefined {
    const ready = this.ready();
    if (ready.length === 0) return undefined;
    return {
      step: this.#options.counter.step,
      ready: ready.map(({ point, isInTransaction }) => ({
        ...point,
        alone: point.kind === "query" && !isInTransaction,
      })),
      blocked: this.#numbers("blocked"),
      last: this.#last,
    };
  }

  /** The step that this move begins, with the sessions that it lets go. */
  begin(move: Move): { readonly step: OpenStep; readonly issued: readonly S[] } {
    const issued = granted(move).map((number) => this.session(number));
    const step: OpenStep = {
      move,
      ready: this.ready().map(({ number }) => number),
      blocked: this.#numbers("blocked"),
      points: issued.map(({ point: { operation, attempt, kind } }) => ({ operation, attempt, kind })),
      outcomes: [],
    };
    for (const session of issued) session.grant();
    return { step, issued };
  }

  /**
   * Waits until nobody executes, and brings the step to its end.
   *
   * @param issued the sessions that were let go
   * @param hit sessions whose statement a fault ended or sent
   */
  async end(step: OpenStep, issued: readonly S[], hit: readonly S[] = []): Promise<void> {
    const sending = [...issued, ...hit.filter(({ state }) => state === "executing")];
    const ends = sending.filter(({ doing }) => doing === "commit" || doing === "rollback").length;
    await this.#settle(step, [...issued, ...hit], ends);
    this.#last = step.move.kind === "grant" ? step.move.session : undefined;
  }

  /**
   * Nobody can be let go. Where only one session may wait, one of those who were sent back gives up; where everybody
   * waits, the server may be about to end a deadlock. False when neither is so.
   *
   * @throws StuckError
   */
  async unblock(): Promise<boolean> {
    const deferred = this.#options.sessions.filter(({ state }) => state === "ready");
    if (deferred.length > 0) {
      await this.#rollBack(this.#options.harness.pick(deferred));
      return true;
    }
    if (!this.#options.sessions.some(({ state }) => state === "blocked")) return false;
    await this.#lookAgain();
    return true;
  }

  /** @throws RangeError when there is none of that number */
  session(number: number): S {
    const session = this.#options.sessions[number];
    if (session === undefined) throw new RangeError(`there is no session ${number}`);
    return session;
  }

  /** Only one session may wait, and all others have come to: one of them gives up, so that the rest can go on. */
  async #rollBack(session: S): Promise<void> {
    const fault = "harness-rollback";
    const { step } = this.begin({ kind: "fault", fault, session: session.number });
    const { counter, rested, trace } = this.#options;
    trace?.({ type: "fault", step: counter.step, session: session.number, fault });
    step.outcomes.push({ session: session.number, error: "harness" });
    session.refuse(harnessRollback());
    await rested(session);
    this.#finish(step);
  }

  /** Whether somebody's wait for a lock has come to its end by itself; who waited goes on. */
  async look(): Promise<boolean> {
    const { returned } = await this.#options.settler.settle([]);
    await this.#deliver(returned);
    return returned.length > 0;
  }

  async #lookAgain(): Promise<void> {
    for (let look = 0; look < lastLooks; look++) {
      if (await this.look()) return;
      await this.#options.clock.sleep(5);
    }
    throw new StuckError("all sessions wait for each other, and the server does not end it");
  }

  async #settle(step: OpenStep, issued: readonly S[], ends: number): Promise<void> {
    const { trace, settler, counter } = this.#options;
    const { returned, blocked, deferred, racy } = await settler.settle(issued);
    const now = counter.step;
    if (racy || granted(step.move).length > 1) step.racy = true;
    const failed = returned.filter(({ result }) => result !== undefined && "error" in result).length;
    this.#endedTransactions += ends + failed;
    for (const session of returned) {
      step.outcomes.push(outcomeOf(session.number, session.result));
      const result = session.doing === "think" ? undefined : tracedResult(session.result);
      if (result !== undefined) trace?.({ type: "returned", step: now, session: session.number, result });
    }
    for (const session of blocked) {
      step.outcomes.push({ session: session.number, blocked: true });
      trace?.({ type: "blocked", step: now, session: session.number });
    }
    for (const session of deferred) {
      step.outcomes.push({ session: session.number, deferred: true });
      trace?.({ type: "deferred", step: now, session: session.number });
      session.takeBack(this.#endedTransactions);
    }
    await this.#deliver(returned);
    this.#finish(step);
  }

  /** One after another, so that what their code records has an order. */
  async #deliver(returned: readonly S[]): Promise<void> {
    for (const session of returned) {
      session.deliver();
      await this.#options.rested(session);
    }
  }

  #finish(step: OpenStep): void {
    this.steps.push(step);
    this.#options.counter.step++;
  }

  #numbers(wanted: S["state"]): readonly number[] {
    return this.#options.sessions.filter(({ state }) => state === wanted).map(({ number }) => number);
  }
}

function harnessRollback(): DatabaseError {
  return new DatabaseError("Only one session may wait for a lock at a time: this one gave up.", {
    cause: "harness",
    phase: "statement",
    outcome: "definite",
    code: undefined,
    connectionLost: false,
  });
}
