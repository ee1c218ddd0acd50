import { Column, int32, uint32 } from "./column.ts";

/**
 * Stores the lists that were read of each key. Most reads of a key agree as far as they go, so a list
 * that begins as the key's *trunk* (the longest list so far, most of the time) shares its elements: a
 * million reads of lists that grow cost what the longest ones hold, at most three times over. Any other
 * list is stored on its own. Elements are numbers of interned values.
 */
export class ListStore {
  readonly #items = new Column(uint32);
  readonly #trunkFrom = new Column(uint32);
  readonly #trunkLength = new Column(int32);
  /** How long the trunk can grow where it is. */
  readonly #trunkCapacity = new Column(int32);

  /** Where the key's trunk begins in {@link view}; meaningless while its length is 0. */
  trunkFrom(key: number): number {
    return this.#trunkFrom.at(key);
  }

  trunkLength(key: number): number {
    return this.#trunkLength.at(key);
  }

  /**
   * Stores a list of a key that begins with the first `known` elements of its trunk, followed by those
   * from `from` (inclusive) to `to` (exclusive) of `items`. Answers where it begins; it ends
   * `known + to - from` later. Linear in the elements of `items`, amortized.
   */
  add(key: number, known: number, items: Uint32Array, from: number, to: number): number {
    const length = known + to - from;
    this.#trunkFrom.extend(key + 1);
    this.#trunkLength.extend(key + 1);
    this.#trunkCapacity.extend(key + 1);
    const trunk = this.#trunkFrom.at(key);
    const trunkLength = this.#trunkLength.at(key);
    let same = known;
    while (same < length && same < trunkLength && this.#items.at(trunk + same) === items[from + same - known])
      same++;
    if (same === length) return trunk;
    if (same < trunkLength) return this.#divert(key, same, items, from + same - known, to);
    return this.#extend(key, items, from + same - known, to);
  }

  /** Copies elements of a list that begins at `from`. */
  copy(from: number, length: number, target: Uint32Array): void {
    for (let i = 0; i < length; i++) target[i] = this.#items.at(from + i);
  }

  /** The elements of all lists, and some that no list holds. */
  view(): Uint32Array {
    return this.#items.view();
  }

  #extend(key: number, items: Uint32Array, from: number, to: number): number {
    const length = this.#trunkLength.at(key) + to - from;
    const start = this.#trunkFrom.at(key);
    const capacity = this.#trunkCapacity.at(key);
    if (length > capacity) {
      if (start + capacity === this.#items.length) {
        this.#items.extend(start + length);
        this.#trunkCapacity.set(key, length);
      } else this.#move(key, capacity === 0 ? length : 2 * length);
    }
    return this.#append(key, items, from, to);
  }

  /** A list that is the trunk's first `same` elements and then others; the longer of the two is the trunk. */
  #divert(key: number, same: number, items: Uint32Array, from: number, to: number): number {
    const trunk = this.#trunkFrom.at(key);
    const trunkLength = this.#trunkLength.at(key);
    const capacity = this.#trunkCapacity.at(key);
    this.#trunkLength.set(key, same);
    this.#move(key, same + to - from);
    const start = this.#append(key, items, from, to);
    if (same + to - from < trunkLength) {
      this.#trunkFrom.set(key, trunk);
      this.#trunkLength.set(key, trunkLength);
      this.#trunkCapacity.set(key, capacity);
    }
    return start;
  }

  /** Copies the trunk to the end of everything, with room for `capacity` elements. */
  #move(key: number, capacity: number): void {
    const start = this.#trunkFrom.at(key);
    const target = this.#items.length;
    this.#items.extend(target + capacity);
    this.#items.copyWithin(target, start, start + this.#trunkLength.at(key));
    this.#trunkFrom.set(key, target);
    this.#trunkCapacity.set(key, capacity);
  }

  #append(key: number, items: Uint32Array, from: number, to: number): number {
    const start = this.#trunkFrom.at(key);
    let at = start + this.#trunkLength.at(key);
    for (let i = from; i < to; i++) this.#items.set(at++, items[i] ?? 0);
    this.#trunkLength.set(key, at - start);
    return start;
  }
}
