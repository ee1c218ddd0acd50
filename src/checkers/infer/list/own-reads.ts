import { type History, mopKindCode, shapeCode } from "../../../history/history.ts";
import type { Findings } from "../finding.ts";
import { type ElementTable, none } from "../element-table.ts";
import type { Transactions } from "../transactions.ts";
import { readFrom, readTo, sameItems } from "./list-reads.ts";
import type { VersionOrders } from "./version-orders.ts";

/**
 * What a transaction's own micro-operations contradict: `internal`, a read that disagrees with an
 * earlier read or append of the same transaction (axiom INT of Cerone, Bernardi and Gotsman 2015; a key
 * that was only appended to so far has an unknown beginning and a known end), and `future-read`, a read
 * of an element that the same transaction appends later. At most one of each per transaction.
 */
export function ownReads(
  transactions: Transactions,
  appends: ElementTable,
  orders: VersionOrders,
  findings: Findings,
): void {
  const { history, count, row, committed } = transactions;
  const expected = new Expectations(history);
  for (let node = 0; node < count; node++) {
    if (committed[node] !== 1) continue;
    const at = row[node] ?? 0;
    const begin = history.mopStart[at] ?? 0;
    const end = history.mopStart[at + 1] ?? 0;
    if (end - begin < 2) continue;
    expected.begin();
    let internal = false;
    let future = false;
    for (let mop = begin; mop < end; mop++) {
      const key = history.mopKey[mop] ?? 0;
      const kind = history.mopKind[mop];
      if (kind === mopKindCode.append && history.mopShape[mop] === shapeCode.scalar) {
        const element = history.mopValue[mop] ?? 0;
        if (
          !future &&
          expected.wasRead(key) &&
          readBefore(history, { begin, mop, key, element }, appends, orders)
        ) {
          future = true;
          findings.add("future-read", [at], key, element);
        }
        expected.append(key, element);
      } else if (kind === mopKindCode.r) {
        if (!internal && !expected.agrees(key, mop)) {
          internal = true;
          findings.add("internal", [at], key);
        }
        expected.read(key, mop);
      }
    }
  }
}

/** Whether a read of the key between `begin` and `mop` shows the element. */
function readBefore(
  history: History,
  { begin, mop, key, element }: { begin: number; mop: number; key: number; element: number },
  appends: ElementTable,
  orders: VersionOrders,
): boolean {
  const append = appends.find(key, element);
  const position = append === none ? 0 : (orders.position[append] ?? 0);
  for (let earlier = begin; earlier < mop; earlier++) {
    if (history.mopKind[earlier] !== mopKindCode.r || history.mopKey[earlier] !== key) continue;
    const from = readFrom(history, earlier);
    const to = readTo(history, earlier);
    if (orders.isPrefix[earlier] === 1) {
      if (to - from > position) return true;
    } else if (history.listItems.subarray(from, to).includes(element)) return true;
  }
  return false;
}

const unknownBeginning = -1;

/** What the running transaction must see of each key; wiped in constant time between transactions. */
class Expectations {
  readonly #history: History;
  #transaction = 0;
  /** The transaction that last touched the key. */
  readonly #touched: Int32Array;
  /** The mop of its last read of the key, or {@link unknownBeginning}. */
  readonly #base: Int32Array;
  readonly #hasRead: Uint8Array;
  /** Its appends to the key since then: the last one's position below, and how many. */
  readonly #tail: Int32Array;
  readonly #appended: Int32Array;
  #element: number[] = [];
  #earlier: number[] = [];

  constructor(history: History) {
    this.#history = history;
    const keys = history.keys.length;
    this.#touched = new Int32Array(keys);
    this.#base = new Int32Array(keys);
    this.#hasRead = new Uint8Array(keys);
    this.#tail = new Int32Array(keys);
    this.#appended = new Int32Array(keys);
  }

  begin(): void {
    this.#transaction++;
    if (this.#element.length > 0) {
      this.#element = [];
      this.#earlier = [];
    }
  }

  wasRead(key: number): boolean {
    return this.#touched[key] === this.#transaction && this.#hasRead[key] === 1;
  }

  append(key: number, element: number): void {
    this.#touch(key);
    this.#earlier.push(this.#tail[key] ?? none);
    this.#tail[key] = this.#element.push(element) - 1;
    this.#appended[key] = (this.#appended[key] ?? 0) + 1;
  }

  read(key: number, mop: number): void {
    this.#touch(key);
    this.#base[key] = mop;
    this.#hasRead[key] = 1;
    this.#tail[key] = none;
    this.#appended[key] = 0;
  }

  agrees(key: number, mop: number): boolean {
    if (this.#touched[key] !== this.#transaction) return true;
    const history = this.#history;
    const from = readFrom(history, mop);
    const length = readTo(history, mop) - from;
    const appended = this.#appended[key] ?? 0;
    const base = this.#base[key] ?? unknownBeginning;
    if (base !== unknownBeginning) {
      // After a read of null (nothing there) a later read is left to the dependencies between transactions.
      if (appended === 0 && history.mopShape[base] === shapeCode.none) return true;
      const baseFrom = readFrom(history, base);
      const baseLength = readTo(history, base) - baseFrom;
      if (length !== baseLength + appended) return false;
      if (!sameItems(history.listItems, from, baseFrom, baseLength)) return false;
    } else if (length < appended) return false;
    let at = from + length;
    for (let own = this.#tail[key] ?? none; own !== none; own = this.#earlier[own] ?? none)
      if (history.listItems[--at] !== this.#element[own]) return false;
    return true;
  }

  #touch(key: number): void {
    if (this.#touched[key] === this.#transaction) return;
    this.#touched[key] = this.#transaction;
    this.#base[key] = unknownBeginning;
    this.#hasRead[key] = 0;
    this.#tail[key] = none;
    this.#appended[key] = 0;
  }
}
