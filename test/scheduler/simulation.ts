import type { Point } from "../../src/scheduler/point.ts";
import type { Exploration } from "../../src/scheduler/exhaustive-strategy.ts";
import { granted } from "../../src/scheduler/move.ts";
import type { Schedule, Step, StepOutcome } from "../../src/scheduler/schedule.ts";
import type { Strategy } from "../../src/scheduler/strategy.ts";
import { type Answer, SimulatedDatabase, type Reaction, type SimulatedServer } from "./simulated-database.ts";

/** A statement over rows; what a write puts follows from `put` and the value read last. */
export interface Touch {
  readonly table: string;
  readonly row: number;
  readonly how: "read" | "lock" | "try" | "write" | "insert";
  readonly put?: number;
}

export type Instruction =
  | { readonly touch: readonly Touch[] }
  | { readonly think: true }
  /** Goes on with one or the other, as the value read last is even or odd. */
  | { readonly even: readonly Instruction[]; readonly odd: readonly Instruction[] };

export interface Operation {
  readonly body: readonly Instruction[];
  readonly end: "commit" | "rollback";
  /** Begins when all operations of lower phases have ended; 0 unless given, never falling in a script. */
  readonly phase?: number;
}

/** The operations of one session; each is tried at most twice. */
export type Script = readonly Operation[];

export interface Execution {
  readonly schedule: Schedule;
  /** Final rows, every session's answers, waits and outcomes, and which operation ended before which began. */
  readonly seen: string;
}

/** Executes one schedule of the scripts as the interleaved runner does with a real database. */
export function simulate(
  server: SimulatedServer,
  scripts: readonly Script[],
  strategy: Strategy,
  number = 0,
): Execution & { readonly more: boolean } {
  const run = new Simulation(server, scripts);
  strategy.begin(number, scripts.length);
  let last: number | undefined;
  for (let choice = run.choice(); choice.ready.length > 0; choice = run.choice()) {
    const step = run.steps.length;
    const move = strategy.pick({ step, ...choice, last });
    run.step({ move, ...choice });
    last = move.kind === "grant" ? move.session : undefined;
  }
  const more = strategy.end();
  const { steps } = run;
  const schedule: Schedule = { isolab: 1, seed: "0", strategy: strategy.name, schedule: number, steps };
  return { schedule, seen: run.seen(), more };
}

/** Executes schedule after schedule until there is no more, and answers those that were not redundant. */
export function explore(
  server: SimulatedServer,
  scripts: readonly Script[],
  exploration: Exploration,
  limit = 50_000,
): Execution[] {
  const executions: Execution[] = [];
  for (let number = 0, more = true; more; number += 1) {
    if (number === limit) throw new Error(`more than ${limit} schedules`);
    const { redundant } = exploration;
    const execution = simulate(server, scripts, exploration, number);
    if (exploration.redundant === redundant) executions.push(execution);
    more = execution.more;
  }
  return executions;
}

class Simulation {
  readonly steps: Step[] = [];
  readonly #database: SimulatedDatabase;
  readonly #bodies: readonly Generator<Point, void, Answer>[];
  readonly #ready = new Map<number, Point>();
  /** Sent back; they come again when a transaction has ended. */
  readonly #deferred = new Map<number, Point>();
  readonly #current = new Map<number, Point>();
  readonly #log: string[][];
  readonly #spans = new Map<string, { readonly begin: number; end: number }>();

  readonly #scripts: readonly Script[];
  #phase = 0;
  readonly #held: Point[] = [];
  #free: number;
  readonly #pooled: Point[] = [];

  constructor(server: SimulatedServer, scripts: readonly Script[]) {
    this.#scripts = scripts;
    this.#free = server.pool ?? Infinity;
    this.#database = new SimulatedDatabase(server);
    this.#log = scripts.map(() => []);
    this.#bodies = scripts.map((script, session) => this.#body(session, script, 100 * session));
    for (const body of this.#bodies) this.#arrive(body.next());
  }

  choice(): { readonly ready: readonly Point[]; readonly blocked: readonly number[] } {
    if (this.#ready.size === 0) this.#freeOneDeferred();
    if (this.#ready.size === 0 && this.#held.length > 0) {
      this.#phase += 1;
      for (const point of this.#held.splice(0)) this.#stand(point);
    }
    const ready = [...this.#ready.values()].sort((a, b) => a.session - b.session);
    return { ready, blocked: this.#database.blocked };
  }

  step({
    move,
    ready,
    blocked,
  }: {
    move: Step["move"];
    ready: readonly Point[];
    blocked: readonly number[];
  }): void {
    const reactions: Reaction[] = [];
    const points = granted(move).map((session) => {
      const point = this.#ready.get(session);
      if (point === undefined) throw new Error(`session ${session} is not ready`);
      this.#ready.delete(session);
      this.#current.set(session, point);
      if (point.begins) this.#spans.set(spanOf(point), { begin: this.steps.length, end: Infinity });
      reactions.push(...this.#perform(point));
      return { operation: point.operation, attempt: point.attempt, kind: point.kind };
    });
    for (const reaction of reactions) this.#react(reaction);
    const sessions = ready.map(({ session }) => session);
    this.steps.push({ move, ready: sessions, blocked, points, outcomes: reactions.map(outcomeOf) });
  }

  seen(): string {
    const spans = [...this.#spans].sort(([a], [b]) => (a < b ? -1 : 1));
    const order = spans.flatMap(([a, { end }]) =>
      spans.filter(([, { begin }]) => end < begin).map(([b]) => `${a}<${b}`),
    );
    return JSON.stringify({ rows: this.#database.contents, log: this.#log, order });
  }

  #perform(point: Point): Reaction[] {
    const { session, kind, sql } = point;
    if (kind === "think") return [{ session, answer: { values: [] } }];
    if (kind === "query")
      return this.#database.execute(session, JSON.parse((sql ?? "").slice(dashes)) as never);
    const reactions = kind === "commit" ? this.#database.commit(session) : this.#database.rollback(session);
    this.#resumeDeferred();
    return reactions;
  }

  #react(reaction: Reaction): void {
    const { session } = reaction;
    if ("blocked" in reaction) {
      this.#log[session]?.push("waits");
      return;
    }
    if ("deferred" in reaction) {
      this.#log[session]?.push("sent back");
      this.#deferred.set(session, { ...this.#current.get(session)! });
      return;
    }
    if ("error" in reaction.answer) this.#resumeDeferred();
    this.#arrive(this.#bodies[session]!.next(reaction.answer));
  }

  #arrive(result: IteratorResult<Point, void>): void {
    if (result.done !== true) this.#stand(result.value);
  }

  /** Before an attempt a session waits for its phase, then for a connection. */
  #stand(point: Point): void {
    const { session, operation, begins } = point;
    const phase = this.#scripts[session]?.[operation % 100]?.phase ?? 0;
    if (phase > this.#phase) this.#held.push(point);
    else if (begins && this.#free === 0) this.#pooled.push(point);
    else {
      if (begins) this.#free -= 1;
      this.#ready.set(session, point);
    }
  }

  #release(): void {
    this.#free += 1;
    const next = this.#pooled.shift();
    if (next !== undefined) this.#stand(next);
  }

  #resumeDeferred(): void {
    for (const [session, point] of this.#deferred) this.#ready.set(session, point);
    this.#deferred.clear();
  }

  /** All that are left wait for each other, and the server does not know it: one transaction has to give way. */
  #freeOneDeferred(): void {
    const session = Math.min(...this.#deferred.keys());
    if (!this.#deferred.delete(session)) return;
    const [, ...woken] = this.#database.rollback(session);
    this.#react({ session, answer: { error: "victim" } });
    for (const reaction of woken) this.#react(reaction);
    this.#resumeDeferred();
  }

  *#body(session: number, script: Script, base: number): Generator<Point, void, Answer> {
    for (const [index, { body, end }] of script.entries()) {
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const state: Attempt = {
          session,
          operation: base + index,
          attempt,
          begins: true,
          first: true,
          last: 0,
          tables: new Set(),
        };
        const failure = yield* this.#instructions(body, state);
        // The database has rolled back; some code does so once more.
        if (failure === undefined) yield* this.#end(state, end);
        else if (end === "commit") yield* this.#end(state, "rollback");
        const outcome = failure ?? end;
        const span = this.#spans.get(spanOf(state));
        if (span !== undefined) span.end = this.steps.length;
        this.#log[session]?.push(outcome);
        this.#release();
        if (outcome === "commit" || outcome === "rollback") break;
      }
    }
  }

  *#instructions(list: readonly Instruction[], state: Attempt): Generator<Point, string | undefined, Answer> {
    for (const instruction of list) {
      if ("think" in instruction) {
        yield point(state, "think", null, { tables: [], readOnly: true });
        continue;
      }
      if (!("touch" in instruction)) {
        const error = yield* this.#instructions(
          state.last % 2 === 0 ? instruction.even : instruction.odd,
          state,
        );
        if (error !== undefined) return error;
        continue;
      }
      const accesses = instruction.touch.map(({ table, row, how, put = 0 }) =>
        how === "write" || how === "insert"
          ? { table, row, how, value: (state.last * 3 + put) % 97 }
          : { table, row, how },
      );
      const tables = [...new Set(accesses.map(({ table }) => table))];
      for (const table of tables) state.tables.add(table);
      const skips = accesses.some(({ how }) => how === "try");
      const sql = (skips ? "-- skip locked" : "--").padEnd(dashes) + JSON.stringify(accesses);
      const readOnly = accesses.every(({ how }) => how === "read");
      const answer = yield point(state, "query", sql, { tables, readOnly });
      this.#log[state.session]?.push(JSON.stringify(answer));
      if ("error" in answer) return answer.error;
      state.last = answer.values.findLast((value) => value !== null) ?? state.last;
    }
    return undefined;
  }

  *#end(state: Attempt, end: "commit" | "rollback"): Generator<Point, string, Answer> {
    yield point(state, end, null, { tables: [...state.tables], readOnly: false });
    return end;
  }
}

/** Length of what stands before the accesses in the text of a simulated statement. */
const dashes = 16;

interface Attempt {
  readonly session: number;
  readonly operation: number;
  readonly attempt: number;
  begins: boolean;
  first: boolean;
  last: number;
  readonly tables: Set<string>;
}

function point(
  state: Attempt,
  kind: Point["kind"],
  sql: string | null,
  footprint: Point["footprint"],
): Point {
  const { session, operation, attempt, begins } = state;
  const first = state.first && kind === "query";
  state.begins = false;
  if (first) state.first = false;
  return { session, operation, attempt, kind, sql, first, begins, footprint };
}

function spanOf({ operation, attempt }: { readonly operation: number; readonly attempt: number }): string {
  return `${operation}.${attempt}`;
}

function outcomeOf(reaction: Reaction): StepOutcome {
  const { session } = reaction;
  if ("blocked" in reaction) return { session, blocked: true };
  if ("deferred" in reaction) return { session, deferred: true };
  if ("error" in reaction.answer) return { session, error: reaction.answer.error };
  const { values } = reaction.answer;
  return values.length === 0 ? { session, done: true } : { session, rows: values.length };
}
