import { Column, int32, uint32, uint8 } from "../column.ts";
import type { ListStore } from "../list-store.ts";

/**
 * How the trunks of a {@link ListStore} are spelled, so that a list which is spelled like the beginning
 * of its key's trunk is known without reading its elements. Only lists in the shortest spelling are kept:
 * one separator between elements, none inside them.
 */
export class ListTexts {
  /** How many elements the bytes compared last share with the trunk: see {@link match}. */
  matched = 0;
  readonly #lists: ListStore;
  readonly #separator: number;
  readonly #bytes = new Column(uint8);
  readonly #from = new Column(uint32);
  readonly #length = new Column(uint32);
  readonly #capacity = new Column(uint32);
  /** The trunk that is spelled, by where it begins, and how much of it. */
  readonly #trunk = new Column(uint32);
  readonly #elements = new Column(int32);

  // For comparing four bytes at a time.
  #viewed: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #ownView: DataView = new DataView(new ArrayBuffer(0));

  constructor(lists: ListStore, separator: number) {
    this.#lists = lists;
    this.#separator = separator;
  }

  /**
   * Compares the elements that begin at `at` with those of the key's trunk. Sets {@link matched}, and
   * answers where the list is no longer known: at its closing bracket, at the separator after all of the
   * trunk that is spelled, or, with nothing matched, at `at`. Looks at each byte once, at most.
   */
  match(key: number, bytes: Buffer, at: number): number {
    this.matched = 0;
    const elements = this.#elements.at(key);
    if (elements === 0 || this.#trunk.at(key) !== this.#lists.trunkFrom(key)) return at;
    const spelled = this.#bytes.all();
    const begin = this.#from.at(key);
    const end = begin + this.#length.at(key);
    let own = begin;
    let theirs = at;
    const theirView = this.#viewOf(bytes);
    const ownView = this.#ownViewOf(spelled);
    const fours = Math.min(end - begin, bytes.length - at) - 4;
    while (own - begin <= fours && ownView.getInt32(own) === theirView.getInt32(theirs)) {
      own += 4;
      theirs += 4;
    }
    while (own < end && spelled[own] === bytes[theirs]) {
      own++;
      theirs++;
    }
    const next = bytes[theirs];
    if (own === end) {
      if (next !== 0x5d && next !== this.#separator) return at;
      this.matched = elements;
      return theirs;
    }
    if (next !== 0x5d || spelled[own] !== this.#separator) return at;
    let missing = 0;
    for (; own < end; own++) if (spelled[own] === this.#separator) missing++;
    this.matched = elements - missing;
    return theirs;
  }

  #viewOf(bytes: Buffer): DataView {
    if (this.#viewed !== bytes) {
      this.#viewed = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#view;
  }

  #ownViewOf(spelled: Uint8Array): DataView {
    if (this.#ownView.buffer !== spelled.buffer) this.#ownView = new DataView(spelled.buffer);
    return this.#ownView;
  }

  /**
   * Keeps how a trunk is spelled, unless that is not how it was known before.
   * @param known elements that {@link match} knew; the bytes spell the rest
   * @param elements in all
   */
  keep(key: number, known: number, elements: number, bytes: Buffer, from: number, to: number): void {
    this.#from.extend(key + 1);
    this.#length.extend(key + 1);
    this.#capacity.extend(key + 1);
    this.#trunk.extend(key + 1);
    this.#elements.extend(key + 1);
    if (known > 0 && this.#elements.at(key) !== known) return;
    const trunk = this.#lists.trunkFrom(key);
    if (known === 0) this.#length.set(key, 0);
    this.#trunk.set(key, trunk);
    this.#elements.set(key, elements);
    const length = this.#length.at(key);
    const needed = length + to - from;
    if (needed > this.#capacity.at(key)) this.#move(key, 2 * needed);
    this.#bytes.write(this.#from.at(key) + length, bytes, from, to);
    this.#length.set(key, needed);
  }

  #move(key: number, capacity: number): void {
    const start = this.#from.at(key);
    const target = this.#bytes.length;
    this.#bytes.extend(target + capacity);
    this.#bytes.copyWithin(target, start, start + this.#length.at(key));
    this.#from.set(key, target);
    this.#capacity.set(key, capacity);
  }
}
