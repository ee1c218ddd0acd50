import { shapeCode } from "../history.ts";
import type { Json } from "../operation.ts";

/** A field that was not there. */
export const missing = -1;

/**
 * One operation as it was spelled, before anything of it is kept: an array each for the parts of its
 * micro-operations, used again for the next operation. A scalar is a number: an integer from 0 is itself,
 * `-1 - n` is token n.
 */
export class OperationDraft {
  index: number = missing;
  /** NaN if it was not there. */
  time = Number.NaN;
  process: number = missing;
  type: number = missing;
  /** A token of names. */
  f: number = missing;
  /** The `value` field if it is no list of micro-operations. */
  other: Json | undefined = null;
  data: Json | undefined = undefined;
  error: Json | undefined = undefined;
  mops = 0;
  kind: Uint8Array = new Uint8Array(16);
  key: Float64Array = new Float64Array(16);
  shape: Uint8Array = new Uint8Array(16);
  /** A scalar; of a list, with how many elements of its key's trunk it begins. */
  value: Float64Array = new Float64Array(16);
  /** Where that trunk begins. */
  trunk: Int32Array = new Int32Array(16);
  /** The other elements of a list are `items[itemFrom]` to `items[itemTo]` (exclusive). */
  itemFrom: Int32Array = new Int32Array(16);
  itemTo: Int32Array = new Int32Array(16);
  /** Where these are spelled, from the separator before them; {@link missing} if not in the shortest way. */
  textFrom: Int32Array = new Int32Array(16);
  textTo: Int32Array = new Int32Array(16);
  items: Float64Array = new Float64Array(256);
  itemCount = 0;

  clear(): void {
    this.index = this.process = this.type = this.f = missing;
    this.time = Number.NaN;
    this.other = null;
    this.data = this.error = undefined;
    this.mops = this.itemCount = 0;
  }

  addItem(item: number): void {
    if (this.itemCount === this.items.length)
      this.items = grown(this.items, new Float64Array(2 * this.itemCount));
    this.items[this.itemCount++] = item;
  }

  /** Begins a micro-operation without a value; answers its position. */
  addMop(kind: number, key: number): number {
    const mop = this.mops++;
    if (mop === this.kind.length) this.#grow(2 * mop);
    this.kind[mop] = kind;
    this.shape[mop] = shapeCode.none;
    this.key[mop] = key;
    return mop;
  }

  /** Drops the micro-operation that was added last. */
  dropMop(): void {
    this.mops--;
    if (this.shape[this.mops] === shapeCode.list) this.itemCount = this.itemFrom[this.mops] ?? 0;
  }

  #grow(capacity: number): void {
    this.kind = grown(this.kind, new Uint8Array(capacity));
    this.key = grown(this.key, new Float64Array(capacity));
    this.shape = grown(this.shape, new Uint8Array(capacity));
    this.value = grown(this.value, new Float64Array(capacity));
    this.trunk = grown(this.trunk, new Int32Array(capacity));
    this.itemFrom = grown(this.itemFrom, new Int32Array(capacity));
    this.itemTo = grown(this.itemTo, new Int32Array(capacity));
    this.textFrom = grown(this.textFrom, new Int32Array(capacity));
    this.textTo = grown(this.textTo, new Int32Array(capacity));
  }
}

function grown<A extends Uint8Array | Int32Array | Float64Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
