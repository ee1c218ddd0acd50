import { type History, mopKindCode } from "../../../history/history.ts";
import { IntColumn } from "../../graph/int-column.ts";
import { none, writerState } from "../element-table.ts";
import { absent, PairIndex } from "../pair-index.ts";
import { mopRow, type Transactions } from "../transactions.ts";
import { noValue, rowValue, writesRow } from "./row-value.ts";

/** How a version came about. */
export const versionKind = { write: 0, insert: 1, delete: 2 } as const;

/** Every version that the history's transactions gave a row, one column per field, in row order. */
export interface RowVersions {
  readonly length: number;
  readonly key: Int32Array;
  /** What it holds; `noValue` for a row that was deleted. */
  readonly element: Int32Array;
  /** Its number, or NaN while nobody said; filled in by reads. */
  readonly number: Float64Array;
  /** {@link versionKind}. */
  readonly kind: Int32Array;
  /** Row of the writer's completion (of its invocation, if it never completed). */
  readonly row: Int32Array;
  /** Node of the writer, or -1 for one that failed. */
  readonly node: Int32Array;
  /** {@link writerState}. */
  readonly state: Int32Array;
  /** The micro-operation. */
  readonly mop: Int32Array;
  /** The writer's version of the row before and after this one, or {@link none}. */
  readonly earlier: Int32Array;
  readonly next: Int32Array;
  /** The version that holds a value, or {@link none}. */
  readonly find: (key: number, element: number) => number;
  /** The version that a micro-operation wrote, or {@link none}. */
  readonly ofMop: (mop: number) => number;
  /** Key k's versions are entries `start[k]` (inclusive) to `start[k + 1]` (exclusive) of {@link sorted}. */
  readonly start: Uint32Array;
  readonly sorted: Int32Array;
  /** Why the versions cannot be told apart, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Collects the versions. Linear.
 * @param plain whether a value may stand without a version number
 */
export function rowVersions(transactions: Transactions, plain: boolean): RowVersions {
  const table = new Columns(transactions.history, plain);
  eachWriter(transactions, (row, node, state) => {
    const { history } = transactions;
    const source = mopRow(history, row);
    const end = history.mopStart[source + 1] ?? 0;
    for (let mop = history.mopStart[source] ?? 0; mop < end; mop++)
      if (writesRow(history.mopKind[mop])) table.add(mop, row, node, state);
  });
  return table.build();
}

function eachWriter(
  { failed, row, committed }: Transactions,
  use: (row: number, node: number, state: number) => void,
): void {
  row.forEach((at, node) => {
    use(at, node, committed[node] === 1 ? writerState.committed : writerState.unknown);
  });
  for (const at of failed) use(at, none, writerState.failed);
}

class Columns {
  readonly #history: History;
  readonly #plain: boolean;
  readonly #key = new IntColumn();
  readonly #element = new IntColumn();
  readonly #number: number[] = [];
  readonly #kind = new IntColumn();
  readonly #row = new IntColumn();
  readonly #node = new IntColumn();
  readonly #state = new IntColumn();
  readonly #mop = new IntColumn();
  readonly #earlier = new IntColumn();
  readonly #nextOf: number[] = [];
  readonly #index = new PairIndex();
  readonly #ofMop: Int32Array;
  readonly #lastOfKey: Int32Array;
  #problem: string | null = null;

  constructor(history: History, plain: boolean) {
    this.#history = history;
    this.#plain = plain;
    this.#ofMop = new Int32Array(history.mopKind.length).fill(none);
    this.#lastOfKey = new Int32Array(history.keys.length).fill(none);
  }

  add(mop: number, row: number, node: number, state: number): void {
    const { mopKey, mopKind, index, keys } = this.#history;
    const key = mopKey[mop] ?? 0;
    const value = rowValue(this.#history, mop, this.#plain);
    const kind = kindOf(mopKind[mop], value?.element);
    if (value === null || (kind === versionKind.insert && value.element === noValue)) {
      this.#problem ??= `The operation with index ${index[row] ?? -1} writes to ${JSON.stringify(keys[key])} what is no value of a row (expected ${this.#plain ? "a value or " : ""}[version, value]), so reads cannot be traced to it.`;
      return;
    }
    const id = this.#key.length;
    if (value.element !== noValue && !this.#register(key, value.element, id, row)) return;
    this.#key.push(key);
    this.#element.push(value.element);
    this.#number.push(value.number);
    this.#kind.push(kind);
    this.#row.push(row);
    this.#node.push(node);
    this.#state.push(state);
    this.#mop.push(mop);
    this.#ofMop[mop] = id;
    const last = this.#lastOfKey[key] ?? none;
    const isOwn = last !== none && this.#row.at(last) === row;
    if (isOwn) this.#nextOf[last] = id;
    this.#earlier.push(isOwn ? last : none);
    this.#nextOf.push(none);
    this.#lastOfKey[key] = id;
  }

  build(): RowVersions {
    const index = this.#index;
    const ofMop = this.#ofMop;
    const key = this.#key.view();
    return {
      length: key.length,
      key,
      element: this.#element.view(),
      number: Float64Array.from(this.#number),
      kind: this.#kind.view(),
      row: this.#row.view(),
      node: this.#node.view(),
      state: this.#state.view(),
      mop: this.#mop.view(),
      earlier: this.#earlier.view(),
      next: Int32Array.from(this.#nextOf),
      find: (of, element) => index.get(of, element),
      ofMop: (mop) => ofMop[mop] ?? none,
      ...byKey(key, this.#history.keys.length),
      problems: this.#problem === null ? [] : [this.#problem],
    };
  }

  /** Notes who wrote a value; false where another did already. */
  #register(key: number, element: number, id: number, row: number): boolean {
    const known = this.#index.get(key, element);
    if (known === absent) {
      this.#index.set(key, element, id);
      return true;
    }
    const { index, keys, values } = this.#history;
    this.#problem ??=
      `${JSON.stringify(values[element])} was written to ${JSON.stringify(keys[key])} more than once ` +
      `(indices ${index[this.#row.at(known)] ?? -1} and ${index[row] ?? -1}); reads can be traced only if every write is unique.`;
    return false;
  }
}

function kindOf(kind: number | undefined, element: number | undefined): number {
  if (kind === mopKindCode.insert) return versionKind.insert;
  return element === noValue ? versionKind.delete : versionKind.write;
}

function byKey(key: Int32Array, keys: number): Pick<RowVersions, "start" | "sorted"> {
  const start = new Uint32Array(keys + 1);
  for (const k of key) start[k + 1] = (start[k + 1] ?? 0) + 1;
  for (let k = 0; k < keys; k++) start[k + 1] = (start[k + 1] ?? 0) + (start[k] ?? 0);
  const next = start.slice();
  const sorted = new Int32Array(key.length);
  key.forEach((k, id) => {
    const at = next[k] ?? 0;
    sorted[at] = id;
    next[k] = at + 1;
  });
  return { start, sorted };
}
