import type { Header } from "../../../../src/history/header.ts";
import type { History } from "../../../../src/history/history.ts";
import type { Mop, OperationType } from "../../../../src/history/operation.ts";
import { type Rng, stream } from "../../../../src/random/rng.ts";
import { event, type Event, fromEvents } from "../../support/notation.ts";
import type { BugName } from "./bugs.ts";
import { type Planned, type Session, SimulatedDatabase, type Transaction } from "./database.ts";
import { type Kind, kindOf, readMop, writeMop } from "./objects.ts";
import { Plans } from "./plans.ts";
import { type Engine, type Level, rulesOf } from "./rules.ts";

/** What to simulate. */
export interface Setup {
  readonly level: Level;
  readonly engine: Engine;
  readonly kinds: readonly Kind[];
  readonly transactions: number;
  readonly header?: Header | null;
  readonly bug?: { readonly name: BugName; readonly rate: number };
}

const showsUncommitted: ReadonlySet<string> = new Set(["dirty-read", "aborted-read", "intermediate-read"]);

const sessionCount = 5;
/** How often a statement is refused before its transaction gives up: no deadlock lasts. */
const patience = 6;

/**
 * Runs random transactions of five sessions, interleaved statement by statement, some aborted, some
 * with an outcome that the client never learns and that may come true later. Everything depends on the
 * seed alone. Answers the history and how often the bug made a difference.
 */
export function simulate(seed: string, setup: Setup): { readonly history: History; readonly fired: number } {
  const run = new Run(stream(seed, "simulation"), setup);
  return run.all();
}

class Run {
  readonly #rng: Rng;
  readonly #setup: Setup;
  readonly #plans: Plans;
  readonly #database: SimulatedDatabase;
  readonly #sessions: Session[];
  readonly #events: Event[] = [];
  /** Transactions whose client has given up on them: they may still commit. */
  readonly #orphans: Transaction[] = [];
  /** Whether an empty list is read as null. */
  readonly #nullable: boolean;
  /**
   * A write that was seen counts as committed though nobody knows the outcome. Where uncommitted writes
   * may be seen that is true only if all such transactions do commit.
   */
  readonly #unknownCommit: boolean;
  #processes = 0;
  #left: number;

  constructor(rng: Rng, setup: Setup) {
    this.#rng = rng;
    this.#setup = setup;
    this.#plans = new Plans(rng, setup.kinds);
    this.#nullable = rng.chance(0.5);
    this.#left = setup.transactions;
    this.#unknownCommit = setup.level === "read-uncommitted" || showsUncommitted.has(setup.bug?.name ?? "");
    this.#sessions = Array.from({ length: sessionCount }, () => ({ knows: 0, next: this.#plans.draw() }));
    const rules = rulesOf(setup.level, setup.engine);
    const bug = { name: setup.bug?.name ?? null, rate: setup.bug?.rate ?? 0 };
    this.#database = new SimulatedDatabase(rules, rng, this.#sessions, bug);
  }

  all(): { readonly history: History; readonly fired: number } {
    const running = this.#sessions.map((session) => this.#client(session));
    while (running.length > 0) {
      const turn = this.#rng.int(running.length);
      if (running[turn]!.next().done === true) running.splice(turn, 1);
      if (this.#orphans.length > 0 && this.#rng.chance(0.05)) this.#decide();
    }
    for (const orphan of this.#orphans)
      if (this.#unknownCommit) this.#database.commit(orphan);
      else this.#database.abort(orphan);
    for (const key of this.#plans.keys) this.#last(key);
    return { history: fromEvents(this.#events, this.#setup.header ?? null), fired: this.#database.fired };
  }

  /** One client: transaction after transaction; every yield is a point where others may run. */
  *#client(session: Session): Generator<void> {
    let process = this.#processes++;
    while (this.#left-- > 0) {
      const plan = session.next;
      session.next = this.#plans.draw();
      this.#events.push(event(process, "invoke", asPlanned(plan)));
      yield;
      const transaction = this.#database.begin(session, plan);
      const mops: Mop[] = [];
      let refused = 0;
      while (mops.length < plan.length && refused < patience) {
        const mop = this.#database.execute(transaction);
        if (mop === null) refused++;
        else mops.push(this.#shown(mop));
        yield;
      }
      const outcome = this.#end(transaction, refused < patience);
      // The answer is on its way while others go on.
      for (let i = this.#rng.int(3); i > 0; i--) yield;
      const tells = outcome === "ok" || (outcome === "info" && this.#rng.chance(0.3));
      this.#complete(process, outcome, tells ? mops : asPlanned(plan));
      if (outcome === "info") process = this.#processes++;
      yield;
    }
  }

  #end(transaction: Transaction, finished: boolean): OperationType {
    if (!finished || this.#rng.chance(0.06)) {
      this.#database.abort(transaction);
      return "fail";
    }
    if (!this.#rng.chance(0.06)) return this.#database.commit(transaction) ? "ok" : "fail";
    const fate = this.#unknownCommit ? 2 * this.#rng.int(2) : this.#rng.int(3);
    if (fate === 0) this.#database.commit(transaction);
    else if (fate === 1) this.#database.abort(transaction);
    else this.#orphans.push(transaction);
    return "info";
  }

  /** An orphan takes effect after all, or not. */
  #decide(): void {
    const [orphan] = this.#orphans.splice(this.#rng.int(this.#orphans.length), 1);
    if (this.#unknownCommit || this.#rng.chance(0.6)) this.#database.commit(orphan!);
    else this.#database.abort(orphan!);
  }

  #complete(process: number, outcome: OperationType, mops: readonly Mop[]): void {
    const form = outcome === "info" ? this.#rng.int(3) : 0;
    if (form === 2) return;
    this.#events.push(event(process, outcome, form === 1 ? null : mops));
  }

  /** What the object holds when everything has ended. */
  #last(key: string): void {
    const process = this.#processes++;
    const session = { knows: Infinity, next: [] };
    const plan = [{ key }];
    this.#events.push(event(process, "invoke", asPlanned(plan)));
    const mop = this.#database.execute(this.#database.begin(session, plan));
    if (mop === null) throw new Error("somebody still holds a lock");
    this.#events.push(event(process, "ok", [this.#shown(mop)]));
  }

  #shown([kind, key, value]: Mop): Mop {
    const isEmpty = kind === "r" && Array.isArray(value) && value.length === 0;
    return [kind, key, isEmpty && this.#nullable ? null : value];
  }
}

/** The micro-operations as an invocation states them: nothing read, no version known. */
function asPlanned(plan: readonly Planned[]): readonly Mop[] {
  return plan.map(({ key, element }): Mop => {
    if (element === undefined) return readMop(key, null);
    return kindOf(key) === "versioned" ? ["w", key, [null, element]] : writeMop(key, null, element);
  });
}
