import { none, writerState } from "../element-table.ts";
import { nothingThere, type RowAccesses, unknownVersion } from "./row-accesses.ts";
import { type RowVersions, versionKind } from "./row-versions.ts";

/**
 * What is proven of the order of each row's versions: a forest, in which whatever lies on the way from a
 * version to its root came before it.
 */
export interface RowOrder {
  /**
   * By version: one that came before it, `nothingThere` for the state before all versions, or
   * `unknownVersion`. For versions of unknown outcome it holds if they came to be.
   */
  readonly previous: Int32Array;
  /** By version: 1 where its writer took effect. */
  readonly visible: Uint8Array;
  /** By key: the delete that ended the row, after every other version of it, or {@link none}. */
  readonly lastDelete: Int32Array;
  /** By key: the version with which the run began, or {@link none} where the row was not there then. */
  readonly founder: Int32Array;
}

/**
 * The order of a row's versions, as far as one of these proves it:
 *
 * - The run began with a version: all others follow it.
 * - Reading before writing: a version follows the one that its writer had read, or written, before.
 * - Numbers: where every write that may have happened has a number, no two are equal, the row was never
 *   deleted, and nothing that was read contradicts it, versions follow each other by number. This assumes
 *   that within the life of a row each write replaces a lower number, as an increment in the statement or
 *   an UPDATE … WHERE version = ? guarantees. A lock that is broken shows by equal numbers, by a number
 *   that is not above the one its writer had read, or by a write whose number nobody knows; then only what
 *   was read counts, because a write that went back may hide anywhere.
 * - A life: one insert that took effect, and at most one delete. Updates lie between them.
 * - The row was not there before its first version, whichever that is.
 *
 * Sorts each row's versions by number; otherwise linear.
 *
 * @param isFounder whether a version is one that the run began with
 */
export function rowOrder(
  versions: RowVersions,
  accesses: RowAccesses,
  isFounder: (version: number) => boolean,
): RowOrder {
  const keys = versions.start.length - 1;
  const order = {
    previous: new Int32Array(versions.length).fill(unknownVersion),
    visible: Uint8Array.from(versions.node, (node) => accesses.tookEffect[node] ?? 0),
    lastDelete: new Int32Array(keys).fill(none),
    founder: new Int32Array(keys).fill(none),
  };
  const done = new Uint8Array(versions.length);
  for (let key = 0; key < keys; key++) {
    const ids = versions.sorted.subarray(versions.start[key], versions.start[key + 1]);
    const possible = ids.filter((v) => versions.state[v] !== writerState.failed);
    if (possible.length === 0) continue;
    orderOf({ versions, accesses, order, isFounder }, key, possible);
    breakCycles(order.previous, possible, done);
  }
  return order;
}

interface Context {
  readonly versions: RowVersions;
  readonly accesses: RowAccesses;
  readonly order: RowOrder;
  readonly isFounder: (version: number) => boolean;
}

function orderOf(context: Context, key: number, possible: Int32Array): void {
  const { versions, accesses, order, isFounder } = context;
  const { kind, earlier } = versions;
  const inserts = possible.filter((v) => kind[v] === versionKind.insert);
  const deletes = possible.filter((v) => kind[v] === versionKind.delete);
  const trusted = accesses.dirty[key] !== 1 && accesses.contradicted[key] !== 1;
  const founder = inserts.find(isFounder) ?? none;
  order.founder[key] = founder;
  if (trusted && deletes.length === 0 && inserts.length < 2 && chain(context, possible, inserts[0] ?? none))
    return;

  const [insert = none] = inserts;
  const oneLife =
    trusted && inserts.length === 1 && deletes.length < 2 && order.visible[insert] === 1 && insert !== none;
  const start = trusted ? nothingThere : unknownVersion;
  const first = oneLife ? insert : founder !== none ? founder : start;
  for (const v of possible) {
    const base = accesses.base[v] ?? unknownVersion;
    const isKnown = base >= 0 && versions.state[base] !== writerState.failed;
    if (v === founder || (oneLife && v === insert)) order.previous[v] = nothingThere;
    else order.previous[v] = isKnown || (earlier[v] ?? none) !== none ? base : first;
  }
  if (oneLife) order.lastDelete[key] = deletes[0] ?? none;
}

/** Puts the versions into the order of their numbers; false, and nothing done, where that is not proven. */
function chain({ versions, accesses, order }: Context, possible: Int32Array, insert: number): boolean {
  const { number, state } = versions;
  const numberOf = (v: number): number => number[v] ?? NaN;
  for (const v of possible) {
    if (Number.isNaN(numberOf(v))) return false;
    const base = accesses.base[v] ?? unknownVersion;
    if (base >= 0 && (state[base] === writerState.failed || !(numberOf(base) < numberOf(v)))) return false;
  }
  const sorted = possible.slice().sort((a, b) => numberOf(a) - numberOf(b) || a - b);
  if (insert !== none && sorted[0] !== insert) return false;
  for (let i = 1; i < sorted.length; i++)
    if (numberOf(sorted[i - 1] ?? 0) === numberOf(sorted[i] ?? 0)) return false;
  let before: number = nothingThere;
  for (const v of sorted) {
    order.previous[v] = before;
    if (order.visible[v] === 1) before = v;
  }
  return true;
}

/** Reads that contradict each other make circles; where one closes, nothing is known. */
function breakCycles(previous: Int32Array, possible: Int32Array, done: Uint8Array): void {
  for (const v of possible) {
    const path: number[] = [];
    let at = v;
    while (at >= 0 && done[at] === 0) {
      done[at] = 1;
      path.push(at);
      at = previous[at] ?? unknownVersion;
    }
    if (at >= 0 && done[at] === 1) previous[path.at(-1) ?? at] = unknownVersion;
    for (const passed of path) done[passed] = 2;
  }
}
