import { closeSync, openSync, writeSync } from "node:fs";

/** What the simulated database promises: `valid` is strict-serializable. */
export type Behaviour = "valid" | "snapshot-isolated" | "broken";

export type Workload = "list-append" | "rw-register";

export type Syntax = "edn" | "jsonl";

export interface SimulatedHistory {
  readonly behaviour: Behaviour;
  readonly workload: Workload;
  readonly syntax: Syntax;
  /** How many are invoked; each is two lines. */
  readonly transactions: number;
}

const processes = 20;
const keysInUse = 10;
const writesPerKey = 100;
const longestTransaction = 7;
/** A snapshot is at most this many commits old. */
const snapshotAge = 3;
/** One transaction in so many of a broken history reads the past and writes all the same. */
const brokenEvery = 1000;

/**
 * Writes the history of a simulated database to a file: 20 processes, transactions of 1 to 7 (on
 * average 4) micro-operations over 10 keys, each key replaced by a fresh one after 100 writes. The same
 * arguments give the same bytes. Memory: the versions of the keys in use and one megabyte of text.
 */
export function writeSimulatedHistory(path: string, history: SimulatedHistory): void {
  const file = openSync(path, "w");
  let text = "";
  for (const line of new Simulation(history).lines()) {
    text += line;
    if (text.length < 1 << 20) continue;
    writeSync(file, text);
    text = "";
  }
  writeSync(file, text);
  closeSync(file);
}

interface Mop {
  readonly writes: boolean;
  readonly key: Key;
  readonly element: number;
}

/** Version n of a key is its first n writes; `committed[i]` is the commit that brought write i. */
interface Key {
  readonly id: number;
  handedOut: number;
  readonly elements: number[];
  readonly committed: number[];
}

interface Open {
  readonly mops: readonly Mop[];
  /** Number of commits before it was invoked. */
  readonly since: number;
}

class Simulation {
  readonly #history: SimulatedHistory;
  readonly #open: (Open | undefined)[] = new Array<undefined>(processes);
  readonly #keys: Key[] = [];
  #nextKey = 0;
  #commits = 0;
  #index = 0;
  #time = 0;
  #state = 0x9e3779b9;

  constructor(history: SimulatedHistory) {
    this.#history = history;
    for (let i = 0; i < keysInUse; i++) this.#keys.push(this.#freshKey());
  }

  *lines(): Generator<string, void, undefined> {
    let invoked = 0;
    let open = 0;
    while (invoked < this.#history.transactions || open > 0) {
      const process = this.#below(processes);
      const transaction = this.#open[process];
      if (transaction !== undefined) {
        yield this.#complete(process, transaction);
        this.#open[process] = undefined;
        open--;
      } else if (invoked < this.#history.transactions) {
        yield this.#invoke(process);
        invoked++;
        open++;
      }
    }
  }

  #invoke(process: number): string {
    const mops: Mop[] = [];
    for (let left = 1 + this.#below(longestTransaction); left > 0; left--) {
      const slot = this.#below(keysInUse);
      const writes = this.#below(2) === 0;
      const key = this.#keys[slot]!;
      mops.push({ writes, key, element: writes ? ++key.handedOut : 0 });
      if (key.handedOut === writesPerKey) this.#keys[slot] = this.#freshKey();
    }
    this.#open[process] = { mops, since: this.#commits };
    const value = mops.map((mop) => this.#mop(mop, "nil"));
    return this.#line(process, "invoke", value);
  }

  #complete(process: number, { mops, since }: Open): string {
    const { behaviour, workload } = this.#history;
    const breaks = behaviour === "broken" && this.#below(brokenEvery) === 0;
    const isolated = behaviour === "snapshot-isolated";
    const snapshot =
      isolated || breaks ? Math.max(since, this.#commits - this.#below(snapshotAge + 1)) : this.#commits;
    const lost = (mop: Mop): boolean => mop.writes && (mop.key.committed.at(-1) ?? 0) > snapshot;
    if (isolated && mops.some(lost)) {
      return this.#line(process, "fail", mops.map((mop) => this.#mop(mop, "nil"))); // prettier-ignore
    }
    const own = new Map<Key, number[]>();
    const value = mops.map((mop) => {
      const { key } = mop;
      const mine = own.get(key) ?? [];
      if (mop.writes) {
        own.set(key, [...mine, mop.element]);
        return this.#mop(mop, "");
      }
      let seen = key.elements.length;
      while (seen > 0 && (key.committed[seen - 1] ?? 0) > snapshot) seen--;
      return this.#mop(mop, this.#read(workload, key.elements.slice(0, seen).concat(mine)));
    });
    this.#commits++;
    for (const [key, elements] of own)
      for (const element of elements) {
        key.elements.push(element);
        key.committed.push(this.#commits);
      }
    return this.#line(process, "ok", value);
  }

  #read(workload: Workload, elements: readonly number[]): string {
    const none = this.#history.syntax === "edn" ? "nil" : "null";
    if (workload === "rw-register") return elements.length === 0 ? none : String(elements.at(-1));
    return `[${elements.join(this.#history.syntax === "edn" ? " " : ",")}]`;
  }

  #mop({ writes, key, element }: Mop, read: string): string {
    const { workload, syntax } = this.#history;
    const kind = !writes ? "r" : workload === "rw-register" ? "w" : "append";
    if (syntax === "edn") return `[:${kind} ${key.id} ${writes ? element : read}]`;
    return `["${kind}",${key.id},${writes ? element : read === "nil" ? "null" : read}]`;
  }

  #line(process: number, type: string, mops: readonly string[]): string {
    this.#time += 1 + this.#below(100_000);
    const index = this.#index++;
    if (this.#history.syntax === "edn")
      return `{:index ${index}, :type :${type}, :process ${process}, :f :txn, :value [${mops.join(" ")}], :time ${this.#time}}\n`;
    return `{"index":${index},"time":${this.#time},"process":${process},"type":"${type}","f":"txn","value":[${mops.join(",")}]}\n`;
  }

  #freshKey(): Key {
    return { id: this.#nextKey++, handedOut: 0, elements: [], committed: [] };
  }

  /** The next number of a fixed sequence (xorshift, Marsaglia 2003), from 0 to below `bound`. */
  #below(bound: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % bound;
  }
}
