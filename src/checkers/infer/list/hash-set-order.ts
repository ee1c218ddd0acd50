import type { Json } from "../../../history/operation.ts";
import { hashOfInteger, hashOfVector } from "../../clojure-hash.ts";

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

function hashOfList(list: readonly Json[]): number | null {
  const elements: number[] = [];
  for (const item of list) {
    if (!Number.isSafeInteger(item)) return null;
    elements.push(hashOfInteger(item as number));
  }
  return hashOfVector(elements);
}
