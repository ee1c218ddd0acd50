import type { History } from "../../../src/history/history.ts";
import type { Json, Mop, OperationType } from "../../../src/history/operation.ts";
import { type Rng, stream } from "../../../src/random/rng.ts";
import { event, type Event, fromEvents, header } from "../support/notation.ts";

/** What to simulate. */
export interface Setup {
  /** What a statement sees of others: anything, what is committed, or what was when its transaction began. */
  readonly reads: "dirty" | "committed" | "snapshot";
  /** Whether nobody may write what has changed since its transaction began. */
  readonly refusesUpdates?: boolean;
  /** How many of the latest commits a crash may undo; 0 for a durable database. */
  readonly loses: number;
  readonly operations: number;
}

/** What really happened to an operation, by the row of its completion (its invocation, if it has none). */
export interface Truth {
  /** Committed, be it only until a crash. */
  readonly committed: ReadonlySet<number>;
  /** Committed, and undone by a crash. */
  readonly undone: ReadonlySet<number>;
}

type State = Map<string, Json>;

interface Transaction {
  readonly id: string;
  readonly snapshot: State;
  /** What it wrote over rows, and what it added to sets. */
  readonly writes: State;
  readonly added: Map<string, readonly string[]>;
  isDead: boolean;
}

const sessions = 4;
/** How often a transaction waits for a lock before it gives up. */
const patience = 8;

/**
 * Sessions that append to lists (in the database, or by reading, adding and writing back), add to sets, replace
 * values with and without versions, insert and delete rows, on a server with row locks that crashes now and then.
 * Some answers get lost, and some of those transactions are committed much later. At the end everything is read.
 */
export function crashingRun(
  seed: string,
  setup: Setup,
): { readonly history: History; readonly truth: Truth; readonly crashes: number } {
  return new Run(stream(seed, "crashing"), setup).all();
}

class Run {
  readonly #rng: Rng;
  readonly #setup: Setup;
  readonly #events: Event[] = [];
  readonly #running = new Set<Transaction>();
  /** Nobody waits for their answer, and they hold their locks. */
  readonly #orphans = new Set<Transaction>();
  readonly #locks = new Map<string, Transaction>();
  readonly #rowOf = new Map<string, number>();
  readonly #committed = new Set<string>();
  readonly #undone = new Set<string>();
  #log: Transaction[] = [];
  #durable = 0;
  #state: State = new Map();
  #processes = 0;
  #left: number;
  #crashes = 0;

  constructor(rng: Rng, setup: Setup) {
    this.#rng = rng;
    this.#setup = setup;
    this.#left = setup.operations;
  }

  all(): ReturnType<typeof crashingRun> {
    const clients = Array.from({ length: sessions }, () => this.#client());
    while (clients.length > 0) {
      const turn = this.#rng.int(clients.length);
      if (clients[turn]!.next().done === true) clients.splice(turn, 1);
      if (this.#rng.chance(0.004)) this.#crash();
      if (this.#rng.chance(0.05)) this.#decideOrphan();
    }
    while (this.#orphans.size > 0) this.#decideOrphan();
    for (const key of keys) this.#readAtRest(key);
    const { reads, refusesUpdates = false } = this.#setup;
    const level = reads === "dirty" ? "read-uncommitted" : refusesUpdates ? "serializable" : "read-committed";
    const rows = (ids: ReadonlySet<string>): ReadonlySet<number> =>
      new Set([...ids].map((id) => this.#rowOf.get(id)!));
    return {
      history: fromEvents(this.#events, header("mariadb", level)),
      truth: { committed: rows(this.#committed), undone: rows(this.#undone) },
      crashes: this.#crashes,
    };
  }

  *#client(): Generator<void> {
    let process = this.#processes++;
    for (let number = 0; this.#left-- > 0; number++) {
      const id = `${process}.${number}`;
      const plan = planned(this.#rng, id);
      this.#rowOf.set(id, this.#events.length);
      this.#events.push(event(process, "invoke", plan.map(asPlanned)));
      yield;
      const ending = yield* this.#transaction(id, plan);
      const isSilent = ending.type === "info" && this.#rng.chance(0.3);
      if (!isSilent) {
        this.#rowOf.set(id, this.#events.length);
        const told = ending.type === "ok" || this.#rng.chance(0.5) ? ending.mops : null;
        this.#events.push(event(process, ending.type, told));
      }
      if (ending.type === "info") process = this.#processes++;
      yield;
    }
  }

  *#transaction(
    id: string,
    plan: readonly Mop[],
  ): Generator<void, { readonly type: OperationType; readonly mops: readonly Mop[] }> {
    const invoked = plan.map(asPlanned);
    const fail = { type: "fail", mops: invoked } as const;
    const info = { type: "info", mops: invoked } as const;
    const tx: Transaction = {
      id,
      snapshot: new Map(this.#state),
      writes: new Map(),
      added: new Map(),
      isDead: false,
    };
    this.#running.add(tx);
    const mops: Mop[] = [];
    for (const mop of plan) {
      const done = yield* this.#execute(tx, mop);
      if (done === null || isOver(tx)) {
        this.#end(tx);
        return fail;
      }
      mops.push(done);
      yield;
      if (isOver(tx)) return fail;
    }
    if (this.#rng.chance(0.05)) {
      this.#end(tx);
      return fail;
    }
    // COMMIT is on its way: what comes of it shows in its answer alone.
    yield;
    if (isOver(tx)) return info;
    if (this.#rng.chance(0.06)) {
      this.#running.delete(tx);
      this.#orphans.add(tx);
      return info;
    }
    const crashes = this.#crashes;
    this.#commit(tx);
    yield;
    return crashes === this.#crashes ? { type: "ok", mops } : info;
  }

  /** Null where it had to wait too long. */
  *#execute(tx: Transaction, [kind, key, value]: Mop): Generator<void, Mop | null> {
    const name = key as string;
    if (kind === "r" || kind === "rs") return [kind, key, this.#seen(tx, name)];
    if (kind === "add") {
      tx.added.set(name, [...(tx.added.get(name) ?? []), value as string]);
      return [kind, key, value];
    }
    const isReadFirst = name.startsWith("list/rmw");
    const base = isReadFirst ? this.#seen(tx, name) : null;
    if (isReadFirst) yield;
    for (let tries = 0; this.#locks.get(name) !== undefined && this.#locks.get(name) !== tx; tries++) {
      if (tries === patience) return null;
      yield;
      if (isOver(tx)) return null;
    }
    this.#locks.set(name, tx);
    const isStale = this.#state.get(name) !== tx.snapshot.get(name);
    if (this.#setup.refusesUpdates === true && isStale) return null;
    const latest = tx.writes.get(name) ?? this.#state.get(name) ?? null;
    if (kind === "append") {
      const list = (isReadFirst ? base : (latest ?? [])) as readonly Json[];
      tx.writes.set(name, [...list, value]);
      return [kind, key, value];
    }
    if (name.startsWith("versioned")) {
      const version: Json = [latest === null ? 1 : (latest as [number])[0] + 1, (value as Json[])[1]!];
      tx.writes.set(name, version);
      return ["w", key, version];
    }
    if (name.startsWith("row")) {
      const does = kind === "delete" ? "delete" : latest === null ? "insert" : "w";
      tx.writes.set(name, does === "delete" ? null : value);
      return [does, key, does === "delete" ? null : value];
    }
    tx.writes.set(name, value);
    return [kind, key, value];
  }

  #seen(tx: Transaction, key: string): Json {
    const base = this.#setup.reads === "snapshot" ? tx.snapshot : this.#state;
    const others = this.#setup.reads === "dirty" ? [...this.#running, ...this.#orphans] : [];
    if (key.startsWith("set")) {
      const uncommitted = new Set([...others, tx]);
      return [
        ...((base.get(key) ?? []) as readonly Json[]),
        ...[...uncommitted].flatMap((one) => one.added.get(key) ?? []),
      ];
    }
    const dirty = others.find((one) => one.writes.has(key));
    const value = (tx.writes.has(key) ? tx.writes : (dirty?.writes ?? base)).get(key) ?? null;
    return value === null && key.startsWith("list") ? [] : value;
  }

  #commit(tx: Transaction): void {
    apply(this.#state, tx);
    this.#log.push(tx);
    this.#committed.add(tx.id);
    this.#end(tx);
  }

  #end(tx: Transaction): void {
    this.#running.delete(tx);
    this.#orphans.delete(tx);
    for (const [key, holder] of this.#locks) if (holder === tx) this.#locks.delete(key);
  }

  #decideOrphan(): void {
    const [orphan] = this.#orphans;
    if (orphan === undefined) return;
    if (this.#rng.chance(0.6)) this.#commit(orphan);
    else this.#end(orphan);
  }

  #crash(): void {
    this.#crashes++;
    this.#events.push({ ...event("nemesis", "invoke", null), f: "kill-server" });
    for (const tx of [...this.#running, ...this.#orphans]) {
      tx.isDead = true;
      this.#end(tx);
    }
    const kept = Math.max(this.#durable, this.#log.length - this.#rng.int(this.#setup.loses + 1));
    for (const tx of this.#log.slice(kept)) this.#undone.add(tx.id);
    this.#log = this.#log.slice(0, kept);
    this.#durable = kept;
    this.#state = new Map();
    for (const tx of this.#log) apply(this.#state, tx);
    this.#events.push({ ...event("nemesis", "info", "killed"), f: "kill-server" });
  }

  #readAtRest(key: string): void {
    const kind = key.startsWith("set") ? "rs" : "r";
    const process = this.#processes++;
    const value =
      this.#state.get(key) ??
      (kind === "rs" || (key.startsWith("list") && this.#rng.chance(0.5)) ? [] : null);
    this.#events.push({ ...event(process, "invoke", [[kind, key, null]]), f: "read-at-rest" });
    this.#events.push({ ...event(process, "ok", [[kind, key, value]]), f: "read-at-rest" });
  }
}

/** Many keys, so that some of them see few writes and much can be told of them. */
const keys = ["list/rmw", "list/concat", "set", "value", "versioned", "row"].flatMap((kind) =>
  Array.from({ length: 6 }, (_, number) => `${kind}/${number}`),
);

/** Micro-operations with all that they will write; whether a row is inserted turns out later. */
function planned(rng: Rng, id: string): readonly Mop[] {
  const chosen = [...new Set(Array.from({ length: 1 + rng.int(3) }, () => rng.pick(keys)))];
  return chosen.map((key, number): Mop => {
    const isRead = rng.chance(0.3);
    if (key.startsWith("set")) return isRead ? ["rs", key, null] : ["add", key, `${id}.${number}`];
    if (isRead) return ["r", key, null];
    if (key.startsWith("list")) return ["append", key, `${id}.${number}`];
    if (key.startsWith("versioned")) return ["w", key, [null, `${id}.${number}`]];
    if (key.startsWith("row") && rng.chance(0.3)) return ["delete", key, null];
    return ["w", key, `${id}.${number}`];
  });
}

/** Whether a crash ended it: that may be so after every pause. */
function isOver({ isDead }: Transaction): boolean {
  return isDead;
}

function asPlanned([kind, key, value]: Mop): Mop {
  return [kind, key, value];
}

function apply(state: State, { writes, added }: Transaction): void {
  for (const [key, value] of writes) state.set(key, value);
  for (const [key, elements] of added)
    state.set(key, [...((state.get(key) ?? []) as readonly Json[]), ...elements]);
}
