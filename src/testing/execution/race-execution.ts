import type { Clock } from "../../clock/clock.ts";
import { nextTurn } from "../../clock/event-loop.ts";
import type { Dialect } from "../../clients/database.ts";
import type { Watcher } from "../../clients/watcher.ts";
import { stream } from "../../random/rng.ts";
import type { StepCounter } from "../../runner/interleaved/interleaved-execution.ts";
import { touchesNoTable } from "../../runner/interleaved/footprint.ts";
import { Settler, StuckError } from "../../runner/interleaved/settle.ts";
import { Stepping } from "../../runner/interleaved/stepping.ts";
import type { Step } from "../../scheduler/schedule.ts";
import type { Choice, Strategy } from "../../scheduler/strategy.ts";
import type { TraceEvent } from "../../scheduler/trace.ts";
import { hearOfStrays } from "../instrument/holder-context.ts";
import { Gaps } from "./gaps.ts";
import { numberedPlaceholders } from "./numbered-placeholders.ts";
import { isDeadlock, limitedWait, starvedOf, waitsForItself, type WaitingSession } from "./race-deadlock.ts";
import { untriedOverlaps } from "./untried-overlaps.ts";
import { type Ending, UserSession, type UserSurroundings } from "./user-session.ts";

/** A function that runs as a session, and what it is called. */
export interface RaceFunction {
  /** Its number among the functions of the race, whoever else takes part. */
  readonly id: number;
  readonly name: string;
  readonly run: () => unknown;
}

/** What one execution of a race is given. */
export interface RaceExecutionOptions extends Omit<UserSurroundings, "changed" | "sent"> {
  readonly dialect: Dialect;
  readonly functions: readonly RaceFunction[];
  readonly strategy: Strategy;
  readonly schedule: number;
  readonly seed: string;
  readonly watcher: Watcher;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/** What came of it. */
export interface RaceExecution {
  readonly steps: readonly Step[];
  readonly events: readonly TraceEvent[];
  /** How each function ended; undefined for one that had to be left where it was. */
  readonly endings: readonly (Ending | undefined)[];
  /** Why it was not carried out to its end, if nobody had asked for that. */
  readonly stuck: string | undefined;
  /** Everybody who was left, where they wait for each other and no server ends it. */
  readonly deadlock: readonly WaitingSession[] | undefined;
  /** They do so, and a limit ends that which does not count here. */
  readonly limited: boolean;
  /** Transactions that a function had left open. */
  readonly leftOpen: number;
  /** Statements that had a turn. */
  readonly turns: number;
  /** Of each session: whether a statement of its came by. */
  readonly seen: readonly boolean[];
  /** Of each session: whether its code waited for anything at all. */
  readonly tookTime: readonly boolean[];
  /** Sessions that had several statements under way at once, by number. */
  readonly several: readonly boolean[];
  /** Statements that touch tables and came over the sessions' connections from outside of every session. */
  readonly strays: readonly string[];
  /** Why schedules like this one are not all there are, as sentences. */
  readonly gaps: readonly string[];
}

/**
 * So many beats of a millisecond clock may code of the user's be neither done nor at a statement, before the others go
 * on without it.
 */
const awayAfterBeats = 250;

/** So many times in a row may a session send the same statement while others could go on: it waits for one of them. */
const mostRepeats = 5;

/** No schedule of functions that come to an end is longer. */
const mostSteps = 5_000;

/** How long everybody may wait for something that is not the database. */
const patienceMs = 10_000;

/** The same where all of them wait for connections, which nobody but they can give back. */
const starvedPatienceMs = 2_000;

/** How long a connection may take to be made, or a statement that is no step to be answered. */
const longPatienceMs = 60_000;

/** How long code may take to notice that its connection is closed. */
const farewellMs = 2_000;

/** The same where the time is over and it waits for nothing of ours: the test's own timeout is near. */
const hastyFarewellMs = 250;

const endless = `after ${mostSteps} steps the sessions had not come to their end: something in them waits in a loop for what never comes`;

/** One statement of one function at a time, as the strategy has it. Leaves no statement under way. */
export async function executeRace(options: RaceExecutionOptions): Promise<RaceExecution> {
  return new Execution(options).run();
}

class Execution {
  readonly #options: RaceExecutionOptions;
  readonly #settler: Settler<UserSession>;
  readonly #sessions: readonly UserSession[];
  readonly #stepping: Stepping<UserSession>;
  readonly #events: TraceEvent[] = [];
  readonly #counter: StepCounter = { step: 0 };
  /** Somebody came back whom the others had gone on without: when, was not ours to decide. */
  #returns = false;
  /** The step after which the others went on without somebody who waited for something that is not the database. */
  readonly #leftAt = new Map<UserSession, number>();
  readonly #gaps = new Gaps(mostRepeats, awayAfterBeats);

  constructor(options: RaceExecutionOptions) {
    const { watcher, clock, seed, functions } = options;
    this.#options = options;
    this.#settler = new Settler(watcher, clock);
    const around: UserSurroundings = {
      ...options,
      changed: this.#settler.changed,
      sent: (session, sql, params) => {
        const { number, id, name } = session;
        this.#tell({
          type: "sent",
          step: this.#counter.step,
          session: number,
          operation: id,
          f: name,
          sql: options.dialect === "mysql" && params.length > 0 ? numberedPlaceholders(sql) : sql,
          params,
        });
      },
    };
    this.#sessions = functions.map(({ id, name }, number) => new UserSession(number, id, name, around));
    this.#stepping = new Stepping({
      sessions: this.#sessions,
      settler: this.#settler,
      counter: this.#counter,
      harness: stream(seed, "harness"),
      clock,
      trace: (event) => {
        this.#tell(event);
      },
      rested: (session) => this.#untilEverybodyRests(session),
    });
  }

  async run(): Promise<RaceExecution> {
    const { strategy, schedule, functions, lanes, footprint, stop } = this.#options;
    strategy.begin(schedule, this.#sessions.length);
    let stuck: string | undefined;
    let deadlock: RaceExecution["deadlock"];
    let limited: string | undefined;
    let left: readonly UserSession[] = [];
    let leftOpen: number;
    const strays: string[] = [];
    const hearNoMore = hearOfStrays((sql) => {
      if (!touchesNoTable(footprint(sql))) strays.push(sql);
    });
    const breakOff = (): void => {
      for (const session of this.#sessions) void this.#breakOff(session);
    };
    stop.addEventListener("abort", breakOff, { once: true });
    try {
      for (const [number, { run }] of functions.entries()) {
        const session = this.#stepping.session(number);
        session.start(run);
        await this.#untilEverybodyRests(session);
      }
      const { rows } = this.#options;
      while (await this.#step()) if (rows !== undefined) await rows.stepped(this.#counter.step);
    } catch (error) {
      if (!(error instanceof StuckError)) throw error;
      const waiting = (await this.#waiting()) ?? [];
      const hangs = isDeadlock(waiting, this.#options.watcher.order === "freeze");
      limited = hangs ? limitedWait(waiting) : undefined;
      if (hangs) left = this.#unfinished();
      if (hangs && limited === undefined) deadlock = waiting;
      stuck = waitsForItself(waiting) ?? limited ?? error.message;
    } finally {
      leftOpen = lanes.openOf((number) => this.#stepping.session(number).ending !== undefined);
      hearNoMore();
      stop.removeEventListener("abort", breakOff);
      await this.#windUp();
      await lanes.rollBackOpen();
    }
    return {
      steps: this.#stepping.steps,
      events: this.#events,
      endings: this.#sessions.map((session) => (left.includes(session) ? undefined : session.ending)),
      stuck,
      deadlock,
      limited: limited !== undefined,
      leftOpen,
      several: this.#sessions.map(({ several }) => several),
      strays,
      gaps: this.#untried(),
      turns: this.#sessions.reduce((sum, { turns }) => sum + turns, 0),
      seen: this.#sessions.map(({ isSeen }) => isSeen),
      tookTime: this.#sessions.map(({ takesTime }) => takesTime),
    };
  }

  /** One step; false when there is none left. */
  async #step(): Promise<boolean> {
    if (this.#options.stop.aborted) return false;
    const choice = this.#fair(this.#stepping.choice());
    if (this.#counter.step >= mostSteps) throw new StuckError(endless);
    if (choice === undefined) return this.#goesOnBySomebody();
    const { step, issued } = this.#stepping.begin(this.#options.strategy.pick(choice));
    if (this.#returns) step.racy = true;
    this.#returns = false;
    await this.#stepping.end(step, issued);
    return true;
  }

  /** Whoever asks the same again and again waits for another session: which one then has its turn, if there is one. */
  #fair(choice: Choice | undefined): Choice | undefined {
    if (choice === undefined) return undefined;
    const patient = choice.ready.filter(
      ({ session }) => this.#stepping.session(session).repeats < mostRepeats,
    );
    if (patient.length === 0 || patient.length === choice.ready.length) return choice;
    for (const { session } of choice.ready)
      if (!patient.some((other) => other.session === session))
        this.#gaps.passedOver(this.#stepping.session(session).name);
    return { ...choice, ready: patient };
  }

  /** Why these are not all schedules. */
  #untried(): readonly string[] {
    for (const { name, opaque } of this.#sessions) if (opaque !== undefined) this.#gaps.opaque(name, opaque);
    const writes = this.#sessions.flatMap(({ loneWrites }) => [...loneWrites.values()]);
    return [...untriedOverlaps(writes), ...this.#gaps.sentences];
  }

  /** Nobody can be let go: who waits for the database may be helped, and who waits for something else comes back. */
  async #goesOnBySomebody(): Promise<boolean> {
    const comes = this.#sessions.some(({ state, starved }) => state === "away" && starved === 0);
    return comes ? this.#comesBack() : (await this.#stepping.unblock()) || this.#comesBack();
  }

  /** Somebody waits for something that is not the database: so do we. False when all are done. */
  async #comesBack(): Promise<boolean> {
    const away = (): readonly UserSession[] => this.#sessions.filter(({ state }) => state === "away");
    if (away().length === 0) return false;
    const { clock, stop } = this.#options;
    const patience = away().every(({ starved }) => starved > 0) ? starvedPatienceMs : patienceMs;
    const deadline = clock.nanos() + patience * 1e6;
    const before = away();
    const blocked = this.#sessions.some(({ state }) => state === "blocked");
    while (away().length === before.length && !stop.aborted) {
      if (blocked && (await this.#stepping.look())) return true;
      if (clock.nanos() > deadline) throw new StuckError(waitsInVain(away(), patience));
      await clock.sleep(blocked ? 5 : 1);
    }
    for (const session of before)
      if (session.state !== "away" && this.#counter.step > (this.#leftAt.get(session) ?? Infinity))
        this.#gaps.cameLate(session.name);
    await this.#untilEverybodyRests();
    return !stop.aborted;
  }

  #unfinished(): readonly UserSession[] {
    return this.#sessions.filter(({ state }) => state !== "finished");
  }

  /** Who waits for what, of all that are left; undefined where one of them does neither for a lock nor for a connection. */
  async #waiting(): Promise<readonly WaitingSession[] | undefined> {
    const { lanes } = this.#options;
    const waiting: WaitingSession[] = [];
    for (const session of this.#unfinished()) {
      const { name, number, state, starved, queued, serverId } = session;
      const waitsFor =
        state === "blocked" ? "lock" : state === "away" && starved > 0 ? "connection" : undefined;
      if (waitsFor === undefined) return undefined;
      const transactions = lanes.openOf((user) => user === number);
      const elsewhere = transactions - (session.isInTransaction ? 1 : 0);
      const limit = await lanes.limitOf(number, waitsFor === "lock" ? serverId : undefined);
      waiting.push({ name, waitsFor, transactions, elsewhere, queued, limit });
    }
    return waiting;
  }

  /**
   * Waits until all code of the user's has its next turn, has come to its end, or waits for something else.
   *
   * @param last whose code was let go on
   */
  async #untilEverybodyRests(last?: UserSession): Promise<void> {
    do {
      await this.#untilNoneRuns();
      // Connections that were given back, and promises, have reached whoever waited for them after that, and so has
      // the pool a statement whose answer the function has not waited for.
      if (last?.ending !== undefined || this.#sessions.some(({ state }) => state === "away")) {
        await nextTurn();
        await nextTurn();
      }
    } while (!this.#options.stop.aborted && this.#sessions.some(({ state }) => state === "client"));
  }

  async #untilNoneRuns(): Promise<void> {
    const running = (): readonly UserSession[] => this.#sessions.filter(({ state }) => state === "client");
    const { clock, stop } = this.#options;
    let quietSince = this.#settler.beats;
    let deadline = clock.nanos() + longPatienceMs * 1e6;
    while (running().length > 0 && !stop.aborted) {
      for (const session of running()) {
        if (session.ours > 0) quietSince = this.#settler.beats;
        else if (session.starved > 0 || this.#settler.beats - quietSince >= awayAfterBeats)
          this.#leave(session);
      }
      const before = running().length;
      if (before === 0) return;
      await this.#settler.nextChange();
      if (running().length !== before) {
        quietSince = this.#settler.beats;
        deadline = clock.nanos() + longPatienceMs * 1e6;
      } else if (clock.nanos() > deadline) throw new StuckError(unanswered(running()));
    }
  }

  #leave(session: UserSession): void {
    session.state = "away";
    if (session.starved === 0) {
      this.#returns = true;
      this.#leftAt.set(session, this.#counter.step);
    } else if (session.turns === 0) this.#gaps.cameLast(session.name);
  }

  /** Ends a statement that is at work, as the time is over: it may take longer than anybody waits. */
  async #breakOff(session: UserSession): Promise<void> {
    const { state, serverId } = session;
    if (state === "executing" && serverId !== undefined && !session.hasReturned())
      await this.#options.watcher.cancel(serverId).catch(() => undefined);
  }

  /** Ends it whatever happened: nobody stays stopped or at work, and the settler is asked no more. */
  async #windUp(): Promise<void> {
    this.#settler.release();
    const unfinished = this.#sessions.filter(({ state }) => state !== "finished");
    const over = new Error("isolab: the execution of this schedule is over");
    for (const session of unfinished) await this.#toItsEnd(session, over);
    for (const session of this.#sessions) session.retire(over);
    this.#settler.stop();
  }

  /** Its statement is broken off, and whatever it asks for afterwards is refused. */
  async #toItsEnd(session: UserSession, over: Error): Promise<void> {
    const { clock, watcher, stop } = this.#options;
    const { serverId } = session;
    const farewell = stop.aborted && serverId === undefined ? hastyFarewellMs : farewellMs;
    const deadline = clock.nanos() + farewell * 1e6;
    if (serverId !== undefined && !session.hasReturned() && session.state !== "ready")
      await watcher.cancel(serverId).catch(() => undefined);
    while (session.ending === undefined && clock.nanos() < deadline) {
      if (session.hasReturned()) session.deliver();
      else if (session.state === "ready" || session.state === "away") session.abandon(over);
      await clock.sleep(1);
    }
    if (session.ending === undefined) session.destroyConnection();
  }

  #tell(event: TraceEvent): void {
    this.#events.push(event);
  }
}

function unanswered(sessions: readonly UserSession[]): string {
  const names = sessions.map(({ name }) => name).join(" and ");
  return `${names} waited ${longPatienceMs / 1000} s for a connection to be made, or for the answer to a BEGIN or SET`;
}

function waitsInVain(sessions: readonly UserSession[], patience: number): string {
  const names = sessions.map(({ name }) => name).join(" and ");
  const starved = sessions.filter((session) => session.starved > 0);
  if (starved.length === sessions.length) return starvedOf(sessions.map(({ name }) => name));
  const reason =
    starved.length > 0
      ? "a connection of a pool that has none left, and for something that is not the database"
      : "something that is neither the database nor another session's step";
  return `${names} waited ${patience / 1000} s for ${reason}`;
}
