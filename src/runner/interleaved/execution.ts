import type { PlanEntry } from "../../generators/plan.ts";
import { stream } from "../../random/rng.ts";
import type { Move } from "../../scheduler/move.ts";
import type { RunContext } from "../run-context.ts";
import { footprints } from "./footprint.ts";
import type { InterleavedOptions, InterleavedResult, StepCounter } from "./interleaved-execution.ts";
import { recordFault } from "./record-fault.ts";
import { Settler, StuckError } from "./settle.ts";
import { SteppedSession } from "./stepped-session.ts";
import { Stepping } from "./stepping.ts";
import { strike } from "./strike.ts";
import { windUp } from "./wind-up.ts";

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
  readonly #settler: Settler<SteppedSession>;
  readonly #sessions: readonly SteppedSession[];
  readonly #stepping: Stepping<SteppedSession>;
  readonly #started: PlanEntry[] = [];
  readonly #halt = new AbortController();
  readonly #tally: { planned: number; ok: number; fail: number; info: number };
  #phase = 0;

  constructor(context: RunContext, counter: StepCounter, options: InterleavedOptions) {
    const { plan, watcher, clock, stop, catalog, inherited, trace } = options;
    this.#context = context;
    this.#counter = counter;
    this.#options = options;
    this.#settler = new Settler(watcher, clock);
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
    this.#stepping = new Stepping({
      sessions: this.#sessions,
      settler: this.#settler,
      counter,
      harness: stream(context.seed, "harness"),
      clock,
      trace,
      rested: (session) => this.#settler.untilClientsRest([session]),
    });
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
      steps: this.#stepping.steps,
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
    const choice = this.#stepping.choice();
    if (choice === undefined) return (await this.#stepping.unblock()) || this.#nextPhase();
    await this.#execute(this.#options.strategy.pick(choice));
    return true;
  }

  /** False when no session is held for one. */
  async #nextPhase(): Promise<boolean> {
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
    const { step, issued } = this.#stepping.begin(move);
    if (move.kind !== "fault") {
      await this.#stepping.end(step, issued);
      return;
    }
    const over = recordFault(this.#context, move);
    const { hit, struck } = await this.#strike(move);
    await this.#stepping.end(step, issued, hit);
    over(struck);
  }

  /** Injects a fault. */
  async #strike({ fault, session: number }: Extract<Move, { kind: "fault" }>): Promise<Struck> {
    const session = this.#stepping.session(number);
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
}

/** What a fault did. */
interface Struck {
  /** False when there was nothing to hit. */
  readonly struck: boolean;
  /** Whose statement it ends or sends. */
  readonly hit: readonly SteppedSession[];
}
