import { ForcedOrder } from "./forced-order.ts";
import { initial, type RegisterHistory } from "./register-history.ts";
import { WrittenKeys } from "./written-keys.ts";

/** No read. */
const none = -1;

/**
 * What read committed forces (Biswas and Enea 2019, section 2, axiom Read Committed): a transaction that
 * has read from t2 and then reads x from t1, where t2 wrote x too, puts t2 before t1.
 *
 * Follows AWDIT's algorithm for read committed (Møldrup and Pavlogiannis 2025): of the reads of x after
 * the first one from t2, only the next that is not from t2 itself counts, for the later ones follow from
 * that one's own. Each reader is walked backwards, remembering per key the next read and the next one of
 * another writer. O(n^1.5) in the micro-operations, linear where transactions are short.
 */
export function readCommitted(history: RegisterHistory): ForcedOrder {
  const { readStart, readWriter, readKey, transactions } = history;
  const forced = new ForcedOrder();
  const written = new WrittenKeys(history);
  const ahead = new ReadsAhead(history);
  const firstRead = new Int32Array(transactions.count).fill(none);
  for (let node = 0; node < transactions.count; node++) {
    const from = readStart[node] ?? 0;
    const to = readStart[node + 1] ?? 0;
    if (to - from < 2) continue;
    for (let read = to - 1; read >= from; read--) {
      const writer = readWriter[read] ?? initial;
      if (writer !== initial) firstRead[writer] = read;
    }
    ahead.begin(node);
    for (let read = to - 1; read >= from; read--) {
      const writer = readWriter[read] ?? initial;
      if (writer !== initial && firstRead[writer] === read)
        written.common(writer, ahead.keys, ahead.size, ahead.has, (key) => {
          const next = ahead.nextOfOther(key, writer);
          if (next !== none) forced.add(writer, readWriter[next] ?? initial, node, readKey[next] ?? 0);
        });
      ahead.push(read);
    }
  }
  return forced;
}

/** The reads of one transaction that come after a point, by key. Wiped in constant time. */
class ReadsAhead {
  /** The keys read; the first {@link size} entries count. */
  readonly keys: Int32Array;
  size = 0;
  readonly has: (key: number) => boolean;
  #node = none;
  readonly #key: Int32Array;
  readonly #writer: Int32Array;
  readonly #reader: Int32Array;
  readonly #next: Int32Array;
  readonly #nextOther: Int32Array;

  constructor({ transactions, readKey, readWriter }: RegisterHistory) {
    const keys = transactions.history.keys.length;
    this.keys = new Int32Array(keys);
    this.#key = readKey;
    this.#writer = readWriter;
    this.#reader = new Int32Array(keys).fill(none);
    this.#next = new Int32Array(keys);
    this.#nextOther = new Int32Array(keys);
    this.has = (key) => this.#reader[key] === this.#node;
  }

  begin(node: number): void {
    this.#node = node;
    this.size = 0;
  }

  /** Puts a read in front of those known. */
  push(read: number): void {
    const key = this.#key[read] ?? 0;
    if (!this.has(key)) {
      this.#reader[key] = this.#node;
      this.keys[this.size++] = key;
      this.#nextOther[key] = none;
    } else {
      const next = this.#next[key] ?? none;
      if (this.#writer[next] !== this.#writer[read]) this.#nextOther[key] = next;
    }
    this.#next[key] = read;
  }

  /** The next read of a key from anyone but the writer, or `none`. */
  nextOfOther(key: number, writer: number): number {
    const next = this.#next[key] ?? none;
    return this.#writer[next] === writer ? (this.#nextOther[key] ?? none) : next;
  }
}
