import type { IsolationLevel } from "../../src/history/header.ts";

/** A server that behaves like the real ones in what a scheduler can see, and always in the same way. */
export interface SimulatedServer {
  readonly database: "postgres" | "mariadb";
  readonly isolation: IsolationLevel;
  /** A second session that would wait is sent back. */
  readonly oneWaiter?: boolean;
  /** Connections of a pool that the sessions take theirs from, for an attempt; else each has its own. */
  readonly pool?: number;
}

/** What a statement does with a row: `try` is FOR UPDATE SKIP LOCKED; `insert` fails where another value than 0 is. */
export type Access =
  | { readonly table: string; readonly row: number; readonly how: "read" | "lock" | "try" }
  | {
      readonly table: string;
      readonly row: number;
      readonly how: "write" | "insert";
      readonly value: number;
    };

export type Answer = { readonly values: readonly (number | null)[] } | { readonly error: string };

/** What a session gets to know in a step: an answer, or that it waits, or was sent back. */
export type Reaction =
  | { readonly session: number; readonly answer: Answer }
  | { readonly session: number; readonly blocked: true }
  | { readonly session: number; readonly deferred: true };

interface Row {
  committed: { readonly value: number; readonly at: number };
  older: { readonly value: number; readonly at: number }[];
  dirty: number | undefined;
  readonly holders: Map<number, LockMode>;
  readonly queue: { readonly session: number; readonly mode: LockMode }[];
}

type LockMode = "shared" | "exclusive";

interface Transaction {
  snapshot: number | undefined;
  readonly written: Set<Row>;
}

interface Running {
  readonly accesses: readonly Access[];
  readonly values: (number | null)[];
  /** Undoes the statement's writes, last first. */
  readonly undo: (() => void)[];
}

/**
 * Row locks with queues, two-phase; versions of rows that become visible with a commit; deadlocks that fall on
 * the session that closes them. PostgreSQL: snapshot with the first statement, first updater wins. MariaDB: dirty
 * reads, read view with the first plain read, shared locks for the reads of serializable.
 */
export class SimulatedDatabase {
  readonly #server: SimulatedServer;
  readonly #rows = new Map<string, Row>();
  readonly #transactions = new Map<number, Transaction>();
  readonly #running = new Map<number, Running>();
  /** Sessions that wait, in the order in which they came to it. */
  readonly #waiting: number[] = [];
  #commits = 0;

  constructor(server: SimulatedServer) {
    this.#server = server;
  }

  get blocked(): number[] {
    return [...this.#waiting].sort((a, b) => a - b);
  }

  /** Value of every row that was touched, committed. */
  get contents(): Readonly<Record<string, number>> {
    const entries = [...this.#rows].map(([key, row]) => [key, row.committed.value] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  execute(session: number, accesses: readonly Access[]): Reaction[] {
    if (!this.#transactions.has(session)) {
      const snapshot = this.#server.database === "postgres" ? this.#commits : undefined;
      this.#transactions.set(session, { snapshot, written: new Set() });
    }
    this.#running.set(session, { accesses, values: [], undo: [] });
    return [this.#continue(session), ...this.#wake()];
  }

  commit(session: number): Reaction[] {
    this.#commits += 1;
    for (const row of this.#transaction(session).written) {
      row.older.push(row.committed);
      row.committed = { value: row.dirty ?? 0, at: this.#commits };
      row.dirty = undefined;
    }
    return this.#end(session);
  }

  rollback(session: number): Reaction[] {
    for (const row of this.#transaction(session).written) row.dirty = undefined;
    return this.#end(session);
  }

  #end(session: number): Reaction[] {
    this.#transactions.delete(session);
    this.#running.delete(session);
    for (const row of this.#rows.values()) row.holders.delete(session);
    return [{ session, answer: { values: [] } }, ...this.#wake()];
  }

  /** Lets those go on whose lock is free, one after the other, first come, first served. */
  #wake(): Reaction[] {
    const reactions: Reaction[] = [];
    for (;;) {
      const session = this.#waiting.find((waiter) => this.#blockers(waiter).length === 0);
      if (session === undefined) return reactions;
      this.#handOver(session);
      reactions.push(this.#continue(session));
    }
  }

  #continue(session: number): Reaction {
    const running = this.#running.get(session)!;
    while (running.values.length < running.accesses.length) {
      const access = running.accesses[running.values.length]!;
      const value = this.#access(session, access, running);
      if (value === "wait") {
        if (!this.#wouldDeadlock(session)) return this.#wait(session, running);
        this.#stopWaiting(session);
        return this.#fail(session, "deadlock");
      }
      if (typeof value === "string") return this.#fail(session, value);
      running.values.push(value);
    }
    this.#running.delete(session);
    return { session, answer: { values: running.values } };
  }

  #wait(session: number, running: Running): Reaction {
    if (this.#server.oneWaiter !== true || this.#waiting.length === 1) return { session, blocked: true };
    this.#stopWaiting(session);
    for (const undo of running.undo.reverse()) undo();
    this.#running.delete(session);
    return { session, deferred: true };
  }

  #fail(session: number, error: string): Reaction {
    for (const row of this.#transaction(session).written) row.dirty = undefined;
    this.#transactions.delete(session);
    this.#running.delete(session);
    for (const row of this.#rows.values()) row.holders.delete(session);
    return { session, answer: { error } };
  }

  #access(
    session: number,
    access: Access,
    running: Running,
  ): number | null | "wait" | "serialization" | "duplicate" {
    const { isolation, database } = this.#server;
    const row = this.#row(access);
    if (access.how === "read" && !(isolation === "serializable" && database === "mariadb"))
      return this.#visible(session, row);
    if (!this.#lock(session, row, access.how === "read" ? "shared" : "exclusive")) {
      if (access.how === "try") return null;
      return "wait";
    }
    const transaction = this.#transaction(session);
    const snapshotted = isolation === "repeatable-read" && database === "postgres";
    if (snapshotted && row.committed.at > (transaction.snapshot ?? 0)) return "serialization";
    if (access.how === "insert" && (row.dirty ?? row.committed.value) !== 0) return "duplicate";
    if (access.how === "write" || access.how === "insert") {
      const [before, first] = [row.dirty, !transaction.written.has(row)];
      running.undo.push(() => {
        row.dirty = before;
        if (first) transaction.written.delete(row);
      });
      row.dirty = access.value;
      transaction.written.add(row);
    }
    return row.dirty ?? row.committed.value;
  }

  #visible(session: number, row: Row): number {
    const { isolation, database } = this.#server;
    const transaction = this.#transaction(session);
    if (row.dirty !== undefined && transaction.written.has(row)) return row.dirty;
    if (isolation === "read-uncommitted" && database === "mariadb") return row.dirty ?? row.committed.value;
    if (isolation === "read-uncommitted" || isolation === "read-committed") return row.committed.value;
    const snapshot = (transaction.snapshot ??= this.#commits);
    return [...row.older, row.committed].findLast(({ at }) => at <= snapshot)?.value ?? 0;
  }

  /** Takes the lock, or stands in the queue for it; `try` callers must not be left there. */
  #lock(session: number, row: Row, mode: LockMode): boolean {
    const held = row.holders.get(session);
    if (held === "exclusive" || held === mode) return true;
    row.queue.push({ session, mode });
    this.#waiting.push(session);
    const free = this.#blockers(session).length === 0;
    const isTry = this.#running.get(session)?.accesses.at(this.#position(session))?.how === "try";
    if (free || isTry) this.#stopWaiting(session);
    if (free) row.holders.set(session, mode);
    return free;
  }

  #position(session: number): number {
    return this.#running.get(session)?.values.length ?? 0;
  }

  #handOver(session: number): void {
    for (const { holders, queue } of this.#rows.values())
      for (const entry of queue) if (entry.session === session) holders.set(session, entry.mode);
    this.#stopWaiting(session);
  }

  #stopWaiting(session: number): void {
    this.#waiting.splice(this.#waiting.indexOf(session), 1);
    for (const { queue } of this.#rows.values()) {
      const place = queue.findIndex((entry) => entry.session === session);
      if (place >= 0) queue.splice(place, 1);
    }
  }

  /** For whom a waiting session waits: holders, and those before it in the queue. */
  #blockers(session: number): number[] {
    for (const { holders, queue } of this.#rows.values()) {
      const place = queue.findIndex((entry) => entry.session === session);
      const own = queue[place];
      if (own === undefined) continue;
      const before = holders.has(session) ? [] : queue.slice(0, place);
      return [...[...holders].map(([holder, mode]) => ({ session: holder, mode })), ...before]
        .filter((other) => other.session !== session)
        .filter((other) => own.mode === "exclusive" || other.mode === "exclusive")
        .map((other) => other.session);
    }
    return [];
  }

  #wouldDeadlock(session: number): boolean {
    const seen = new Set<number>();
    const open = this.#blockers(session);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === session) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...this.#blockers(next));
    }
    return false;
  }

  #transaction(session: number): Transaction {
    const transaction = this.#transactions.get(session) ?? { snapshot: undefined, written: new Set() };
    this.#transactions.set(session, transaction);
    return transaction;
  }

  #row({ table, row }: { readonly table: string; readonly row: number }): Row {
    const key = `${table}/${row}`;
    let found = this.#rows.get(key);
    if (found === undefined) {
      const committed = { value: 0, at: 0 };
      found = { committed, older: [], dirty: undefined, holders: new Map(), queue: [] };
      this.#rows.set(key, found);
    }
    return found;
  }
}
