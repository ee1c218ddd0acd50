/** What Clojure makes of a number or a list when it hashes them: MurmurHash3 for 32 bits (Appleby 2008, public domain). */

/** Clojure's hash of an integer (a long), as a signed 32-bit number. Exact for safe integers. */
export function hashOfInteger(value: number): number {
  if (value === 0) return 0;
  const high = Math.floor(value / 2 ** 32) | 0;
  return scattered(mixed(mixed(0, value | 0), high), 8);
}

/** Clojure's hash of a vector with these hashes of its elements: 31 times the hash so far plus the next, scattered. */
export function hashOfVector(elements: readonly number[]): number {
  let hash = 1;
  for (const element of elements) hash = (Math.imul(31, hash) + element) | 0;
  return scattered(mixed(0, hash), elements.length);
}

function mixed(hash: number, word: number): number {
  const scrambled = Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotated(hash ^ scrambled, 13), 5) + 0xe6546b64) | 0;
}

function scattered(hash: number, length: number): number {
  let bits = hash ^ length;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
