import { DatabaseError } from "../../clients/database-error.ts";
import type { PlanEntry } from "../../generators/plan.ts";
import { stream, type Rng } from "../../random/rng.ts";
import { granted, type Move } from "../../scheduler/move.ts";
import type { Step } from "../../scheduler/schedule.ts";
import type { Choice } from "../../scheduler/strategy.ts";
import { WorkloadError } from "../../workload/define-workload.ts";
import type { RunContext } from "../run-context.ts";
import { footprints } from "./footprint.ts";
import { outcomeOf, tracedResult } from "./outcome.ts";
import { recordFault } from "./record-fault.ts";
import { Settler, StuckError } from "./settle.ts";
import type { InterleavedOptions, InterleavedResult, StepCounter } from "./interleaved-execution.ts";
import { strike } from "./strike.ts";
import { SteppedSession } from "./stepped-session.ts";
import { windUp } from "./wind-up.ts";

/** When everybody waits, how often the server is asked again before that is believed: it may be about to end a deadlock. */
const lastLooks = 200;

/**
 * Interleaved execution: one statement at a time is let go, and the next one when every session is known
 * to be ready, waiting for a lock, or done. What the strategy chooses decides the history, byte for byte.
 *
 * @throws the first error that no operation could absorb, after every session has ended
 */
export async function executeInterleaved(
  context: RunContext,
  counter: StepCounter,
  options: InterleavedOptions,
): Promise<InterleavedResult> {
  return new Execution(context, counter, options).run();
}

class Execution {
  readonly #context: RunContext;
  readonly #counter: StepCounter;
  readonly #options: InterleavedOptions;
  readonly #settler: Settler;
  readonly #sessions: readonly SteppedSession[];
  readonly #harness: Rng;
  readonly #steps: Step[] = [];
  readonly #started: PlanEntry[] = [];
  readonly #halt = new AbortController();
  readonly #tally: { planned: number; ok: number; fail: number; info: number };
  #phase = 0;
  #last: number | undefined;
  #endedTransactions = 0;

  constructor(context: RunContext, counter: StepCounter, options: InterleavedOptions) {
    const { plan, watcher, clock, stop, catalog, inherited, trace } = options;
    this.#context = context;
    this.#counter = counter;
    this.#options = options;
    this.#settler = new Settler(watcher, clock);
    this.#harness = stream(context.seed, "harness");
    const planned = plan.sessions.reduce((sum, entries) => sum + entries.length, 0);
    this.#tally = { planned, ok: 0, fail: 0, info: 0 };
    const around = {
      context,
      sessions: plan.sessions.length,
      stop: AbortSignal.any([stop, this.#halt.signal]),
      footprint: footprints(catalog),
      watcher,
      changed: this.#settler.changed,
      started: (entry: PlanEntry) => this.#started.push(entry),
      completed: (type: "ok" | "fail" | "info") => {
        this.#tally[type]++;
        context.progress(this.#tally);
      },
      sent: (session: SteppedSession, sql: string, params: readonly unknown[]) => {
        const { id: operation = 0, f = "" } = session.entry ?? {};
        trace?.({ type: "sent", step: counter.step, session: session.number, operation, f, sql, params });
      },
    };
    this.#sessions = plan.sessions.map(
      (_, number) => new SteppedSession(number, { ...around, inherited: inherited[number] }),
    );
  }

  async run(): Promise<InterleavedResult> {
    const { plan, strategy, schedule } = this.#options;
    strategy.begin(schedule, this.#sessions.length);
    let stuck: string | undefined;
    try {
      for (const session of this.#sessions) {
        session.start(plan.sessions[session.number] ?? []);
        await this.#settler.untilClientsRest([session]);
      }
      while (await this.#step());
    } catch (error) {
      if (!(error instanceof StuckError)) throw error;
      stuck = error.message;
    } finally {
      this.#halt.abort(new Error("the execution is over"));
      await windUp(this.#sessions, this.#settler);
    }
    for (const { failure } of this.#sessions) if (failure !== undefined) throw failure as Error;
    return {
      steps: this.#steps,
      nextProcess: (this.#tally.info + 1) * this.#sessions.length,
      started: this.#started,
      stuck,
      connections: this.#sessions.map(({ connection }) => connection),
    };
  }

  /** One step; false when there is none left. */
  async #step(): Promise<boolean> {
    if (this.#options.stop.aborted || this.#sessions.some(({ failure }) => failure !== undefined))
      return false;
    const armed = this.#settler.armed;
    if (armed !== undefined) {
      await this.#execute({ kind: "fault", fault: "lock-timeout", session: armed.number });
      return true;
    }
    const ready = this.#ready();
    if (ready.length === 0) return this.#withoutReady();
    const choice: Choice = {
      step: this.#counter.step,
      ready: ready.map(({ point }) => point),
      blocked: this.#numbers("blocked"),
      last: this.#last,
    };
    await this.#execute(this.#options.strategy.pick(choice));
    return true;
  }

  /** Nobody can be let go: the phase is over, or somebody is kept from going on. */
  async #withoutReady(): Promise<boolean> {
    const deferred = this.#sessions.filter(({ state }) => state === "ready");
    if (deferred.length > 0) {
      await this.#rollBack(this.#harness.pick(deferred));
      return true;
    }
    if (this.#sessions.some(({ state }) => state === "blocked")) {
      await this.#lookAgain();
      return true;
    }
    const held = this.#sessions.filter(({ state }) => state === "held");
    if (held.length === 0) return false;
    this.#phase++;
    for (const session of held) {
      session.openPhase(this.#phase);
      await this.#settler.untilClientsRest([session]);
    }
    return true;
  }

  async #execute(move: Move): Promise<void> {
    const step = this.#begin(move);
    const issued = granted(move).map((number) => this.#session(number));
    step.points = issued.map(({ point: { operation, attempt, kind } }) => ({ operation, attempt, kind }));
    for (const session of issued) session.grant();
    const over = move.kind === "fault" ? recordFault(this.#context, move) : undefined;
    const { hit, struck } = move.kind === "fault" ? await this.#strike(move) : nothingStruck;
    const sending = [...issued, ...hit.filter(({ state }) => state === "executing")];
    const ends = sending.filter(({ doing }) => doing === "commit" || doing === "rollback").length;
    await this.#settle(step, [...issued, ...hit], ends);
    over?.(struck);
    this.#last = move.kind === "grant" ? move.session : undefined;
  }

  /** Injects a fault. */
  async #strike({ fault, session: number }: Extract<Move, { kind: "fault" }>): Promise<Struck> {
    const session = this.#session(number);
    this.#options.trace?.({ type: "fault", step: this.#counter.step, session: number, fault });
    const wasBlocked = session.state === "blocked";
    const struck = await strike(fault, session, {
      watcher: this.#options.watcher,
      database: this.#context.database,
      clock: this.#options.clock,
      proxy: this.#options.proxy,
    });
    if (session.state === "executing") return { struck, hit: [session] };
    if (!wasBlocked) return { struck, hit: [] };
    await this.#settler.untilReturned(session);
    return { struck, hit: [session] };
  }

  /** Only one session may wait, and all others have come to: one of them gives up, so that the rest can go on. */
  async #rollBack(session: SteppedSession): Promise<void> {
    const step = this.#begin({ kind: "fault", fault: "harness-rollback", session: session.number });
    this.#options.trace?.({
      type: "fault",
      step: this.#counter.step,
      session: session.number,
      fault: "harness-rollback",
    });
    step.outcomes.push({ session: session.number, error: "harness" });
    session.refuse(harnessRollback());
    await this.#settler.untilClientsRest([session]);
    this.#finish(step);
  }

  /** Everybody waits. The server may be about to end a deadlock; if it is not, nothing will. */
  async #lookAgain(): Promise<void> {
    for (let look = 0; look < lastLooks; look++) {
      const { returned } = await this.#settler.settle([]);
      if (returned.length > 0) {
        await this.#deliver(returned);
        return;
      }
      await this.#options.clock.sleep(5);
    }
    throw new StuckError("all sessions wait for each other, and the server does not end it");
  }

  async #settle(step: OpenStep, issued: readonly SteppedSession[], ends: number): Promise<void> {
    const { returned, blocked, deferred, racy } = await this.#settler.settle(issued);
    const { trace } = this.#options;
    const now = this.#counter.step;
    if (racy || issued.length > 1) step.racy = true;
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
  async #deliver(returned: readonly SteppedSession[]): Promise<void> {
    for (const session of returned) {
      session.deliver();
      await this.#settler.untilClientsRest([session]);
    }
  }

  #begin(move: Move): OpenStep {
    return {
      move,
      ready: this.#ready().map(({ number }) => number),
      blocked: this.#numbers("blocked"),
      points: [],
      outcomes: [],
    };
  }

  #finish(step: OpenStep): void {
    this.#steps.push(step);
    this.#counter.step++;
  }

  /**
   * Those who wait for a turn and can use it: a statement that was taken back waits for a transaction to end, or
   * until it can be the one that waits.
   */
  #ready(): readonly SteppedSession[] {
    const somebodyWaits = this.#sessions.some(({ state }) => state === "blocked");
    return this.#sessions.filter(
      ({ state, deferredAt }) =>
        state === "ready" &&
        (deferredAt === undefined || this.#endedTransactions > deferredAt || !somebodyWaits),
    );
  }

  #numbers(wanted: SteppedSession["state"]): readonly number[] {
    return this.#sessions.filter(({ state }) => state === wanted).map(({ number }) => number);
  }

  #session(number: number): SteppedSession {
    const session = this.#sessions[number];
    if (session === undefined) throw new WorkloadError(`there is no session ${number}`);
    return session;
  }
}

/** What a fault did. */
interface Struck {
  /** False when there was nothing to hit. */
  readonly struck: boolean;
  /** Whose statement it ends or sends. */
  readonly hit: readonly SteppedSession[];
}

const nothingStruck: Struck = { struck: false, hit: [] };

type OpenStep = { -readonly [Key in keyof Step]: Step[Key] } & { outcomes: Step["outcomes"][number][] };

function harnessRollback(): DatabaseError {
  return new DatabaseError("Only one session may wait for a lock at a time: this one gave up.", {
    cause: "harness",
    phase: "statement",
    outcome: "definite",
    code: undefined,
    connectionLost: false,
  });
}
