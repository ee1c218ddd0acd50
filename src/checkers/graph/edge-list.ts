import { IntColumn } from "./int-column.ts";

/** An edge without a key or value: process, realtime, and most detours. */
export const nothing = -1;

/** All edges in the order of their discovery, parallel ones included: what explanations are read from. */
export interface EdgeColumns {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** One bit of `edge` each. */
  readonly type: Int32Array;
  /** Position in the history's keys, or {@link nothing}. */
  readonly key: Int32Array;
  /** Position in the history's values, or {@link nothing}. */
  readonly value: Int32Array;
}

/**
 * Collects the edges of a dependency graph. Nodes `0` to `transactions - 1` are transactions in row
 * order; helper nodes come after them, stand for no transaction and are left by silent edges only, so
 * that many-to-many dependencies need no quadratic number of edges.
 */
export class EdgeList {
  readonly transactions: number;
  #nodes: number;
  readonly #from: IntColumn;
  readonly #to: IntColumn;
  readonly #type: IntColumn;
  readonly #key: IntColumn;
  readonly #value: IntColumn;

  constructor(transactions: number) {
    this.transactions = transactions;
    this.#nodes = transactions;
    const capacity = transactions * 4;
    this.#from = new IntColumn(capacity);
    this.#to = new IntColumn(capacity);
    this.#type = new IntColumn(capacity);
    this.#key = new IntColumn(capacity);
    this.#value = new IntColumn(capacity);
  }

  /** Transactions and helpers. */
  get nodes(): number {
    return this.#nodes;
  }

  get length(): number {
    return this.#from.length;
  }

  /** A fresh helper node. */
  helper(): number {
    return this.#nodes++;
  }

  /** Adds an edge; a transaction's edge to itself says nothing and is dropped. */
  add(from: number, to: number, type: number, key: number = nothing, value: number = nothing): void {
    if (from === to) return;
    this.#from.push(from);
    this.#to.push(to);
    this.#type.push(type);
    this.#key.push(key);
    this.#value.push(value);
  }

  columns(): EdgeColumns {
    return {
      from: this.#from.view(),
      to: this.#to.view(),
      type: this.#type.view(),
      key: this.#key.view(),
      value: this.#value.view(),
    };
  }
}
