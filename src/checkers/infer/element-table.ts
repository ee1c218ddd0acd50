import { type History, shapeCode } from "../../history/history.ts";
import { IntColumn } from "../graph/int-column.ts";
import { absent, KeyedIndex } from "./keyed-index.ts";
import { mopRow, type Transactions } from "./transactions.ts";

/** What is known of the transaction that wrote an element. */
export const writerState = { failed: 0, committed: 1, unknown: 2 } as const;

/** No other write. */
export const none = -1;

/** Every unique write (an append, an add) of a history, one column per field. */
export interface ElementTable {
  readonly length: number;
  readonly key: Int32Array;
  readonly element: Int32Array;
  /** Row of the writer's completion (of its invocation, if it never completed). */
  readonly row: Int32Array;
  /** {@link writerState}. */
  readonly state: Int32Array;
  /** The next write of the same transaction to the same key, or {@link none}. */
  readonly next: Int32Array;
  /** The write of an element to a key, or {@link none}. */
  readonly find: (key: number, element: number) => number;
  /** Why the writes cannot be told apart, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Collects the writes of one kind of micro-operation, in row order. Linear.
 * @param kind a code of `mopKindCode`
 */
export function elementTable(transactions: Transactions, kind: number): ElementTable {
  const { history } = transactions;
  const perKey = new Uint32Array(history.keys.length);
  eachWrite(transactions, kind, (mop) => {
    const key = history.mopKey[mop] ?? 0;
    perKey[key] = (perKey[key] ?? 0) + 1;
  });
  const table = new Columns(history, perKey);
  eachWrite(transactions, kind, (mop, row, state) => {
    table.add(mop, row, state);
  });
  return table.build();
}

function eachWrite(
  transactions: Transactions,
  kind: number,
  use: (mop: number, row: number, state: number) => void,
): void {
  const { history } = transactions;
  eachWriter(transactions, (row, state) => {
    const source = mopRow(history, row);
    const end = history.mopStart[source + 1] ?? 0;
    for (let mop = history.mopStart[source] ?? 0; mop < end; mop++)
      if (history.mopKind[mop] === kind) use(mop, row, state);
  });
}

/** Committed, unknown and failed writers in row order. */
function eachWriter(
  { failed, row, committed }: Transactions,
  use: (row: number, state: number) => void,
): void {
  let f = 0;
  for (let node = 0; node < row.length; node++) {
    const at = row[node] ?? 0;
    while (f < failed.length && (failed[f] ?? 0) < at) use(failed[f++] ?? 0, writerState.failed);
    use(at, committed[node] === 1 ? writerState.committed : writerState.unknown);
  }
  while (f < failed.length) use(failed[f++] ?? 0, writerState.failed);
}

class Columns {
  readonly #history: History;
  readonly #key: IntColumn;
  readonly #element: IntColumn;
  readonly #row: IntColumn;
  readonly #state: IntColumn;
  readonly #nextOf: Int32Array;
  readonly #index: KeyedIndex;
  readonly #lastOfKey: Int32Array;
  #problem: string | null = null;

  /** @param perKey how many writes each key has */
  constructor(history: History, perKey: Uint32Array) {
    this.#history = history;
    const all = perKey.reduce((sum, count) => sum + count, 0);
    this.#key = new IntColumn(all);
    this.#element = new IntColumn(all);
    this.#row = new IntColumn(all);
    this.#state = new IntColumn(all);
    this.#nextOf = new Int32Array(all).fill(none);
    this.#index = new KeyedIndex(perKey);
    this.#lastOfKey = new Int32Array(history.keys.length).fill(none);
  }

  add(mop: number, row: number, state: number): void {
    const { mopKey, mopShape, mopValue, index, keys } = this.#history;
    const key = mopKey[mop] ?? 0;
    if (mopShape[mop] !== shapeCode.scalar) {
      this.#problem ??= `The operation with index ${index[row] ?? -1} writes no plain value to ${JSON.stringify(keys[key])}, so reads cannot be traced to it.`;
      return;
    }
    const element = mopValue[mop] ?? 0;
    const id = this.#key.length;
    const known = this.#index.setNew(key, element, id);
    if (known !== absent) {
      this.#problem ??= this.#repeated(key, element, this.#row.at(known), row);
      return;
    }
    this.#key.push(key);
    this.#element.push(element);
    this.#row.push(row);
    this.#state.push(state);
    const last = this.#lastOfKey[key] ?? none;
    if (last !== none && this.#row.at(last) === row) this.#nextOf[last] = id;
    this.#lastOfKey[key] = id;
  }

  build(): ElementTable {
    const index = this.#index;
    return {
      length: this.#key.length,
      key: this.#key.view(),
      element: this.#element.view(),
      row: this.#row.view(),
      state: this.#state.view(),
      next: this.#nextOf.subarray(0, this.#key.length),
      find: (key, element) => index.get(key, element),
      problems: this.#problem === null ? [] : [this.#problem],
    };
  }

  #repeated(key: number, element: number, first: number, second: number): string {
    const { index, keys, values } = this.#history;
    return (
      `${JSON.stringify(values[element])} was written to ${JSON.stringify(keys[key])} more than once ` +
      `(indices ${index[first] ?? -1} and ${index[second] ?? -1}); reads can be traced only if every write is unique.`
    );
  }
}
