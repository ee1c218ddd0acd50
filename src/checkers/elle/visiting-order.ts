import { hashOfInteger } from "../clojure-hash.ts";

/** How many bits of a hash choose the branch on one level of the tree. */
const bitsPerLevel = 5;
const branches = 2 ** bitsPerLevel;

/**
 * The hash by which Elle's graphs place an operation, from its index: Clojure's hash of the number, as
 * Bifurcan's maps fold and stir it.
 */
export function placeOf(index: number): number {
  const hash = hashOfInteger(index);
  // A negative hash is widened to 64 bits, whose upper half is all ones, before the halves are joined.
  let place = hash < 0 ? ~hash : hash;
  place ^= (place >>> 20) ^ (place >>> 12);
  place ^= (place >>> 7) ^ (place >>> 4);
  return place;
}

/**
 * The order in which Elle visits a set of operations: that of a compressed hash tree (Steindorfer and
 * Vinju, "Optimizing Hash-Array Mapped Tries for Fast and Lean Immutable JVM Collections", 2015): of each
 * node first the entries, by branch, then its children, level by level, the last branch first.
 * @param nodes the set; `place` gives each its hash
 */
export function visitingOrder(nodes: Iterable<number>, place: (node: number) => number): number[] {
  const ordered: number[] = [];
  const queue: { readonly members: readonly number[]; readonly shift: number }[] = [
    { members: [...nodes], shift: 0 },
  ];
  for (const { members, shift } of queue) {
    if (shift >= 32) {
      ordered.push(...members);
      continue;
    }
    const byBranch: (number[] | undefined)[] = [];
    for (const node of members) (byBranch[(place(node) >>> shift) & (branches - 1)] ??= []).push(node);
    for (const group of byBranch) if (group?.length === 1) ordered.push(...group);
    for (const group of byBranch)
      if (group !== undefined && group.length > 1)
        queue.push({ members: group, shift: shift + bitsPerLevel });
  }
  return ordered;
}
