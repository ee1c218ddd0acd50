import { Column, int32, uint32, uint8 } from "../column.ts";

/** The answer for bytes that are no token. */
export const noToken = -1;

/**
 * Numbers spellings (of strings, keywords, names, …) from 0 without making a string of one that came
 * before. Constant expected time and a few dozen bytes per spelling, beside what it stands for.
 */
export class TokenTable<T> {
  readonly #read: (text: string) => T | undefined;
  readonly #meanings: T[] = [];
  /** The spellings one after the other; spelling n ends where n + 1 begins. */
  readonly #bytes = new Column(uint8);
  readonly #from = new Column(uint32);
  readonly #hash = new Column(int32);
  /** By slot: token plus one, 0 for a free slot. Linear probing, at most half full. */
  #slots: Uint32Array = new Uint32Array(256);

  /** @param read what a spelling stands for; undefined if it is none */
  constructor(read: (text: string) => T | undefined) {
    this.#read = read;
    this.#from.push(0);
  }

  /** The token that bytes spell, or {@link noToken}. */
  find(bytes: Buffer, from: number, to: number): number {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let entry = this.#slots[slot] ?? 0; entry !== 0; entry = this.#slots[slot] ?? 0) {
      if (this.#hash.at(entry - 1) === hash && this.#spells(entry - 1, bytes, from, to)) return entry - 1;
      slot = (slot + 1) & mask;
    }
    return this.#add(bytes, from, to, hash);
  }

  /** What a token stands for. */
  meaning(token: number): T {
    return this.#meanings[token] as T;
  }

  #spells(token: number, bytes: Buffer, from: number, to: number): boolean {
    const start = this.#from.at(token);
    if (this.#from.at(token + 1) - start !== to - from) return false;
    for (let i = 0; i < to - from; i++) if (this.#bytes.at(start + i) !== bytes[from + i]) return false;
    return true;
  }

  #add(bytes: Buffer, from: number, to: number, hash: number): number {
    const meaning = this.#read(bytes.toString("utf8", from, to));
    if (meaning === undefined) return noToken;
    const token = this.#meanings.push(meaning) - 1;
    for (let at = from; at < to; at++) this.#bytes.push(bytes[at] ?? 0);
    this.#from.push(this.#bytes.length);
    this.#hash.push(hash);
    if ((token + 1) * 2 > this.#slots.length) this.#slots = new Uint32Array(this.#slots.length * 2);
    else return this.#occupy(token);
    for (let each = 0; each < token; each++) this.#occupy(each);
    return this.#occupy(token);
  }

  #occupy(token: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash.at(token) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = token + 1;
    return token;
  }
}
