import type { Json, Mop } from "../../../../src/history/operation.ts";
import type { Rng } from "../../../../src/random/rng.ts";
import { misread, type ReadView } from "./misreads.ts";
import { afterWrite, initialValue, kindOf, readMop, writeMop } from "./objects.ts";
import type { BugName } from "./bugs.ts";
import { Locks } from "./locks.ts";
import type { Rules } from "./rules.ts";

/** A planned micro-operation: a read, or a write of an element. */
export interface Planned {
  readonly key: string;
  /** Absent for a read. */
  readonly element?: Json;
}

/** What a client keeps over its transactions. */
export interface Session {
  /** The latest commit that the session has seen or made; Infinity for one that wants the latest state. */
  knows: number;
  /** What it is going to run next: only bugs look at it. */
  next: readonly Planned[];
}

/** A transaction under way. */
export interface Transaction {
  readonly session: Session;
  readonly plan: readonly Planned[];
  readonly readOnly: boolean;
  readonly snapshot: number;
  /** Writes so far, in order. */
  readonly writes: Required<Planned>[];
  /** Keys whose committed value it has read. */
  readonly reads: Set<string>;
  /** Position in the plan. */
  done: number;
}

interface Version {
  readonly at: number;
  readonly value: Json;
}

/** How many commits back an old snapshot reaches at most. */
const snapshotReach = 6;

/**
 * A database in memory: versions of objects, long locks, snapshots, as the rules say, and at most one
 * bug. It never runs two statements at once; who calls it decides how transactions interleave.
 */
export class SimulatedDatabase {
  readonly #rules: Rules;
  readonly #rng: Rng;
  readonly #bug: BugName | null;
  readonly #bugRate: number;
  readonly #versions = new Map<string, Version[]>();
  readonly #locks = new Locks<Transaction>();
  readonly #active = new Set<Transaction>();
  readonly #aborted = new Map<string, Json>();
  readonly #sessions: readonly Session[];
  #now = 0;
  #fired = 0;

  constructor(
    rules: Rules,
    rng: Rng,
    sessions: readonly Session[],
    bug: { readonly name: BugName | null; readonly rate: number },
  ) {
    this.#rules = rules;
    this.#rng = rng;
    this.#sessions = sessions;
    this.#bug = bug.name;
    this.#bugRate = bug.rate;
  }

  /** How often the bug made a difference. */
  get fired(): number {
    return this.#fired;
  }

  begin(session: Session, plan: readonly Planned[]): Transaction {
    const readOnly = plan.every(({ element }) => element === undefined);
    const transaction = {
      session,
      plan,
      readOnly,
      snapshot: this.#snapshot(session, readOnly),
      writes: [],
      reads: new Set<string>(),
      done: 0,
    };
    this.#active.add(transaction);
    return transaction;
  }

  /** Runs the next planned statement and answers what the client learns, or null where it must wait. */
  execute(transaction: Transaction): Mop | null {
    const planned = transaction.plan[transaction.done];
    if (planned === undefined) throw new Error("the plan has ended");
    const { key, element } = planned;
    const mop = element === undefined ? this.#read(transaction, key) : this.#write(transaction, key, element);
    if (mop !== null) transaction.done++;
    return mop;
  }

  /** Makes the writes visible, or aborts and answers false where the rules forbid the commit. */
  commit(transaction: Transaction): boolean {
    if (!this.#mayCommit(transaction)) {
      this.abort(transaction);
      return false;
    }
    if (!this.#is("dirty-write")) this.#install(transaction);
    this.#end(transaction);
    transaction.session.knows = Math.max(
      transaction.session.knows,
      transaction.writes.length > 0 ? this.#now : 0,
      this.#usesSnapshot(transaction) ? transaction.snapshot : this.#now,
    );
    return true;
  }

  abort(transaction: Transaction): void {
    for (const { key, element } of transaction.writes) this.#aborted.set(key, element);
    this.#end(transaction);
  }

  #snapshot(session: Session, readOnly: boolean): number {
    const { oldest, readOnlySnapshots } = this.#rules;
    if (session.knows === Infinity) return this.#now;
    const old = Math.max(0, this.#now - this.#rng.int(snapshotReach));
    const buggy =
      this.#is("stale-snapshot") ||
      (readOnly && (this.#is("stale-read") || this.#is("broken-session")) && readOnlySnapshots);
    const allowed = oldest === "any" ? 0 : oldest === "session" ? session.knows : this.#now;
    if (buggy && old < allowed && this.#fires()) return old;
    return Math.max(allowed, old);
  }

  #read(transaction: Transaction, key: string): Mop | null {
    const { readLocks } = this.#rules;
    const snapshot = this.#usesSnapshot(transaction);
    const locked = readLocks === "all" || (readLocks === "items" && kindOf(key) !== "set");
    if (
      !snapshot &&
      locked &&
      !this.#skipsLock(transaction, key) &&
      !this.#locks.take(key, transaction, "read")
    )
      return null;
    const value = this.#visible(transaction, key);
    const again = transaction.reads.has(key);
    transaction.reads.add(key);
    return readMop(key, this.#misread(transaction, key, value, again));
  }

  #write(transaction: Transaction, key: string, element: Json): Mop | null {
    const mode = kindOf(key) === "set" ? "insert" : "write";
    if (this.#is("dirty-write")) {
      const mop = writeMop(key, this.#latest(key), element);
      this.#push(key, afterWrite(key, this.#latest(key), element), ++this.#now);
      transaction.writes.push({ key, element });
      this.#fired++;
      return mop;
    }
    if (this.#rules.writeLocks && !this.#locks.take(key, transaction, mode)) return null;
    const before = this.#own(transaction, key, this.#committed(transaction, key));
    transaction.writes.push({ key, element });
    return writeMop(key, before, element);
  }

  /** What the rules let the transaction see of an object. */
  #visible(transaction: Transaction, key: string): Json {
    const base = this.#committed(transaction, key);
    if (this.#rules.reads !== "dirty") return this.#own(transaction, key, base);
    return this.#dirty(key, base);
  }

  #dirty(key: string, base: Json): Json {
    return [...this.#active].reduce((value, other) => this.#own(other, key, value), base);
  }

  #own(transaction: Transaction, key: string, base: Json): Json {
    // A dirty write is in the versions already.
    if (this.#is("dirty-write")) return base;
    return transaction.writes.reduce(
      (value, write) => (write.key === key ? afterWrite(key, value, write.element) : value),
      base,
    );
  }

  #committed(transaction: Transaction, key: string): Json {
    return this.#usesSnapshot(transaction) ? this.#at(key, transaction.snapshot) : this.#latest(key);
  }

  #usesSnapshot({ readOnly }: Transaction): boolean {
    return this.#rules.reads === "snapshot" || (readOnly && this.#rules.readOnlySnapshots);
  }

  #mayCommit(transaction: Transaction): boolean {
    const { firstCommitterWins, validatesReads } = this.#rules;
    const changed = (key: string): boolean =>
      (this.#versions.get(key)?.at(-1)?.at ?? 0) > transaction.snapshot;
    const numbered = transaction.writes.some(({ key }) => kindOf(key) === "versioned" && changed(key));
    const conflict = transaction.writes.some(({ key }) => kindOf(key) !== "set" && changed(key));
    if (firstCommitterWins && conflict && !(this.#is("lost-update") && this.#fires())) return false;
    if (!validatesReads || transaction.readOnly) return true;
    if (numbered) return false;
    const stale = [...transaction.reads].some(changed);
    if (!stale) return true;
    // What snapshot isolation would refuse is refused all the same.
    return this.#skips(transaction) && !conflict && this.#fires();
  }

  /** Whether the bug lets the transaction go on though it read what is no longer so. */
  #skips({ reads }: Transaction): boolean {
    return (
      this.#is("write-skew") || (this.#is("phantom") && [...reads].every((key) => kindOf(key) === "set"))
    );
  }

  #skipsLock({ reads }: Transaction, key: string): boolean {
    return this.#is("non-repeatable-read") && !reads.has(key) && this.#fires();
  }

  #install(transaction: Transaction): void {
    const writes =
      this.#is("lost-write") && transaction.writes.length > 0 && this.#fires()
        ? this.#without(transaction)
        : transaction.writes;
    if (writes.length === 0) return;
    const at = ++this.#now;
    const values = new Map<string, Json>();
    for (const { key, element } of writes) {
      const base = kindOf(key) === "versioned" ? this.#committed(transaction, key) : this.#latest(key);
      const before = values.get(key) ?? base;
      values.set(key, this.#misplaced(key, afterWrite(key, before, element)));
    }
    for (const [key, value] of values) this.#push(key, value, at);
  }

  /** One write is forgotten. */
  #without({ writes }: Transaction): readonly Required<Planned>[] {
    const lost = this.#rng.int(writes.length);
    return writes.filter((_, i) => i !== lost);
  }

  #misplaced(key: string, after: Json): Json {
    if (kindOf(key) !== "list") return after;
    const items = after as readonly Json[];
    if (this.#is("duplicated-append") && this.#fires()) return [...items, items.at(-1)!];
    if (this.#is("reordered-append") && items.length > 1 && this.#fires())
      return [...items.slice(0, -2), items.at(-1)!, items.at(-2)!];
    return after;
  }

  #misread(transaction: Transaction, key: string, value: Json, again: boolean): Json {
    if (this.#bug === null) return value;
    const view: ReadView = {
      key,
      value,
      again,
      plan: transaction.plan.slice(transaction.done + 1),
      own: transaction.writes,
      dirty: () => this.#own(transaction, key, this.#dirtyOfOthers(transaction, key)),
      latest: () => this.#own(transaction, key, this.#latest(key)),
      aborted: this.#aborted.get(key),
      others: [...this.#active].filter((other) => other !== transaction),
      planned: this.#sessions
        .filter((session) => session !== transaction.session)
        .flatMap(({ next }) => next),
    };
    const wrong = misread(this.#bug, view);
    if (wrong === undefined || JSON.stringify(wrong) === JSON.stringify(value) || !this.#fires())
      return value;
    return wrong;
  }

  #dirtyOfOthers(transaction: Transaction, key: string): Json {
    const others = [...this.#active].filter((other) => other !== transaction);
    return others.reduce((value, other) => this.#own(other, key, value), this.#latest(key));
  }

  #latest(key: string): Json {
    return this.#versions.get(key)?.at(-1)?.value ?? initialValue(key);
  }

  #at(key: string, moment: number): Json {
    const versions = this.#versions.get(key) ?? [];
    return versions.findLast(({ at }) => at <= moment)?.value ?? initialValue(key);
  }

  #push(key: string, value: Json, at: number): void {
    const versions = this.#versions.get(key);
    if (versions === undefined) this.#versions.set(key, [{ at, value }]);
    else versions.push({ at, value });
  }

  #end(transaction: Transaction): void {
    this.#active.delete(transaction);
    this.#locks.release(transaction);
  }

  #is(name: BugName): boolean {
    return this.#bug === name;
  }

  #fires(): boolean {
    const fires = this.#rng.chance(this.#bugRate);
    if (fires) this.#fired++;
    return fires;
  }
}
