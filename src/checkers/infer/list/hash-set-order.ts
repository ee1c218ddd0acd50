import type { Json } from "../../../history/operation.ts";

/** How many bits of a hash lead from one level of the tree to the next. */
const bitsPerLevel = 5;

/**
 * Compares two lists of integers by the place at which Clojure's hash set hands them out (negative: `a`
 * first; 0: no telling, also for lists of anything else). The set is a tree: the lowest five bits of a
 * hash choose the branch at the root, the next five the branch below.
 *
 * Elle keeps the distinct reads of a list in such a set, sorts them by length and takes the last, so
 * that this decides between longest reads which contradict each other. Linear in the lists.
 */
export function hashSetOrder(a: readonly Json[], b: readonly Json[]): number {
  const left = hashOfList(a);
  const right = hashOfList(b);
  if (left === null || right === null) return 0;
  for (let shift = 0; shift < 32; shift += bitsPerLevel) {
    const branch = (hash: number): number => (hash >>> shift) & (2 ** bitsPerLevel - 1);
    if (branch(left) !== branch(right)) return branch(left) - branch(right);
  }
  return 0;
}

/** Clojure's hash of a vector: 31 times the hash so far plus the next element's, then scattered. */
function hashOfList(list: readonly Json[]): number | null {
  let hash = 1;
  for (const item of list) {
    if (!Number.isSafeInteger(item)) return null;
    hash = (Math.imul(31, hash) + hashOfInteger(item as number)) | 0;
  }
  return scatter(mixed(0, hash), list.length);
}

function hashOfInteger(value: number): number {
  if (value === 0) return 0;
  const high = Math.floor(value / 2 ** 32) | 0;
  return scatter(mixed(mixed(0, value | 0), high), 8);
}

// MurmurHash3 for 32 bits (Appleby 2008), public domain.

function mixed(hash: number, word: number): number {
  const scrambled = Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotated(hash ^ scrambled, 13), 5) + 0xe6546b64) | 0;
}

function scatter(hash: number, length: number): number {
  let scattered = hash ^ length;
  scattered = Math.imul(scattered ^ (scattered >>> 16), 0x85ebca6b);
  scattered = Math.imul(scattered ^ (scattered >>> 13), 0xc2b2ae35);
  return scattered ^ (scattered >>> 16);
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
