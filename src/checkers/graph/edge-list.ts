/** An edge without a key or value: process, realtime, and most detours. */
export const nothing = -1;

/** All edges in the order of their discovery, parallel ones included: what explanations are read from. */
export interface EdgeColumns {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** One bit of `edge` each. */
  readonly type: Uint8Array;
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
  #length = 0;
  #from: Int32Array;
  #to: Int32Array;
  #type: Uint8Array;
  #key: Int32Array;
  #value: Int32Array;

  constructor(transactions: number) {
    this.transactions = transactions;
    this.#nodes = transactions;
    const capacity = Math.max(16, transactions * 4);
    this.#from = new Int32Array(capacity);
    this.#to = new Int32Array(capacity);
    this.#type = new Uint8Array(capacity);
    this.#key = new Int32Array(capacity);
    this.#value = new Int32Array(capacity);
  }

  /** Transactions and helpers. */
  get nodes(): number {
    return this.#nodes;
  }

  get length(): number {
    return this.#length;
  }

  /** A fresh helper node. */
  helper(): number {
    return this.#nodes++;
  }

  /** Adds an edge; a transaction's edge to itself says nothing and is dropped. */
  add(from: number, to: number, type: number, key: number = nothing, value: number = nothing): void {
    if (from === to) return;
    const at = this.#length++;
    if (at === this.#from.length) this.#grow();
    this.#from[at] = from;
    this.#to[at] = to;
    this.#type[at] = type;
    this.#key[at] = key;
    this.#value[at] = value;
  }

  columns(): EdgeColumns {
    const length = this.#length;
    return {
      from: this.#from.subarray(0, length),
      to: this.#to.subarray(0, length),
      type: this.#type.subarray(0, length),
      key: this.#key.subarray(0, length),
      value: this.#value.subarray(0, length),
    };
  }

  #grow(): void {
    const capacity = this.#from.length * 2;
    this.#from = copied(this.#from, new Int32Array(capacity));
    this.#to = copied(this.#to, new Int32Array(capacity));
    this.#type = copied(this.#type, new Uint8Array(capacity));
    this.#key = copied(this.#key, new Int32Array(capacity));
    this.#value = copied(this.#value, new Int32Array(capacity));
  }
}

function copied<A extends Int32Array | Uint8Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
