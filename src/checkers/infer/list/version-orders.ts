import type { Json } from "../../../history/operation.ts";
import { type ElementTable, none, writerState } from "../element-table.ts";
import { PairIndex } from "../pair-index.ts";
import type { Transactions } from "../transactions.ts";
import type { Unwritten } from "../unwritten.ts";
import { hashSetOrder } from "./hash-set-order.ts";
import { readFrom, readTo, sameItems } from "./list-reads.ts";
import { eachSureRead, sureReaders } from "./sure-readers.ts";

/** Later than every position. */
export const never = 0x7fffffff;

/**
 * The order of each key's versions, as far as reads show it: a list holds its own history, so
 * the longest read of a key is the order of all appends it contains (Kingsbury and Alvaro, "Elle",
 * 2020, section 4.2), and what holds of a prefix need not be asked of each read again.
 */
export interface VersionOrders {
  /** 1 for each node whose reads count (sure-readers.ts). */
  readonly sure: Uint8Array;
  /** Where the key's longest read begins in `listItems`, and its length; 0 where nothing was read. */
  readonly longestFrom: Uint32Array;
  readonly longestLength: Uint32Array;
  /** Row of that read, or -1. */
  readonly longestRow: Int32Array;
  /** Position in the key's longest read of the first element of a failed transaction, or {@link never}. */
  readonly firstFailed: Int32Array;
  /** Position of the first element that the longest read already held, or {@link never}. */
  readonly firstRepeat: Int32Array;
  /** Position of each append in its key's longest read, or {@link never}. */
  readonly position: Int32Array;
  /**
   * The append of the element at a position of a key's longest read, or {@link none} if nobody appended
   * it. Constant, where looking for the element takes hashing.
   */
  readonly appendAt: (key: number, position: number) => number;
  /** The append that each append directly follows; {@link none}: the initial version, or nothing known. */
  readonly previous: Int32Array;
  /** The last append in each key's order, or {@link none}. */
  readonly last: Int32Array;
  /** An element that was read and that no operation appended: its mop's row and value, or null. */
  readonly unwritten: Unwritten | null;
  /** 1 for each read (by mop) that is a prefix of its key's longest. */
  readonly isPrefix: Uint8Array;
}

/** Finds them. Linear in the elements of all reads. */
export function versionOrders(transactions: Transactions, appends: ElementTable): VersionOrders {
  const sure = sureReaders(transactions, appends);
  const longest = longestReads(transactions, sure);
  const { isPrefix: first, rivals } = prefixes(transactions, sure, longest);
  const isPrefix = settle(transactions, longest, rivals)
    ? prefixes(transactions, sure, longest).isPrefix
    : first;
  return { sure, ...longest, isPrefix, ...walkOrders(transactions, appends, longest) };
}

type Longest = Pick<VersionOrders, "longestFrom" | "longestLength" | "longestRow">;
type Walked = Omit<VersionOrders, keyof Longest | "isPrefix" | "sure">;

function longestReads(transactions: Transactions, sure: Uint8Array): Longest {
  const { history, row } = transactions;
  const keys = history.keys.length;
  const longestFrom = new Uint32Array(keys);
  const longestLength = new Uint32Array(keys);
  const longestRow = new Int32Array(keys).fill(-1);
  eachSureRead(transactions, sure, (mop, node) => {
    const key = history.mopKey[mop] ?? 0;
    const from = readFrom(history, mop);
    const length = readTo(history, mop) - from;
    if (length <= (longestLength[key] ?? 0)) return;
    longestFrom[key] = from;
    longestLength[key] = length;
    longestRow[key] = row[node] ?? 0;
  });
  return { longestFrom, longestLength, longestRow };
}

/** A read as long as its key's longest, and different: by its mop and its transaction's row. */
interface Rival {
  readonly mop: number;
  readonly row: number;
}

function prefixes(
  transactions: Transactions,
  sure: Uint8Array,
  { longestFrom, longestLength }: Longest,
): { isPrefix: Uint8Array; rivals: readonly Rival[] } {
  const { history, row } = transactions;
  const isPrefix = new Uint8Array(history.mopKey.length);
  const rivals: Rival[] = [];
  eachSureRead(transactions, sure, (mop, node) => {
    const key = history.mopKey[mop] ?? 0;
    const from = readFrom(history, mop);
    const length = readTo(history, mop) - from;
    if (sameItems(history.listItems, from, longestFrom[key] ?? 0, length)) isPrefix[mop] = 1;
    else if (length === longestLength[key]) rivals.push({ mop, row: row[node] ?? 0 });
  });
  return { isPrefix, rivals };
}

/** Chooses among longest reads that contradict each other as Elle does. Answers whether any choice changed. */
function settle(
  { history }: Transactions,
  { longestFrom, longestLength, longestRow }: Longest,
  rivals: readonly Rival[],
): boolean {
  let changed = false;
  for (const { mop, row } of rivals) {
    const key = history.mopKey[mop] ?? 0;
    const length = longestLength[key] ?? 0;
    const from = readFrom(history, mop);
    const elements = (at: number): readonly Json[] =>
      Array.from(history.listItems.subarray(at, at + length), (item) => history.values[item] ?? null);
    if (hashSetOrder(elements(from), elements(longestFrom[key] ?? 0)) <= 0) continue;
    longestFrom[key] = from;
    longestRow[key] = row;
    changed = true;
  }
  return changed;
}

function walkOrders({ history }: Transactions, appends: ElementTable, longest: Longest): Walked {
  const keys = history.keys.length;
  const firstFailed = new Int32Array(keys).fill(never);
  const firstRepeat = new Int32Array(keys).fill(never);
  const position = new Int32Array(appends.length).fill(never);
  const previous = new Int32Array(appends.length).fill(none);
  const last = new Int32Array(keys).fill(none);
  const start = new Uint32Array(keys + 1);
  for (let key = 0; key < keys; key++) start[key + 1] = (start[key] ?? 0) + (longest.longestLength[key] ?? 0);
  const ordered = new Int32Array(start[keys] ?? 0).fill(none);
  let unwritten: VersionOrders["unwritten"] = null;
  for (let key = 0; key < keys; key++) {
    const from = longest.longestFrom[key] ?? 0;
    const length = longest.longestLength[key] ?? 0;
    let before = none;
    let strangers: PairIndex | null = null;
    for (let at = 0; at < length; at++) {
      const element = history.listItems[from + at] ?? 0;
      const append = appends.find(key, element);
      ordered[(start[key] ?? 0) + at] = append;
      if (append === none) {
        unwritten ??= { row: longest.longestRow[key] ?? 0, key, element };
        strangers ??= new PairIndex();
        if (strangers.get(0, element) !== -1 && firstRepeat[key] === never) firstRepeat[key] = at;
        strangers.set(0, element, at);
        continue;
      }
      if (position[append] !== never) {
        if (firstRepeat[key] === never) firstRepeat[key] = at;
        continue;
      }
      position[append] = at;
      previous[append] = before;
      before = append;
      if (appends.state[append] === writerState.failed && firstFailed[key] === never) firstFailed[key] = at;
    }
    last[key] = before;
  }
  // An append nobody saw comes after every one that somebody saw.
  for (let append = 0; append < appends.length; append++)
    if (position[append] === never) previous[append] = last[appends.key[append] ?? 0] ?? none;
  const appendAt = (key: number, at: number): number => ordered[(start[key] ?? 0) + at] ?? none;
  return { firstFailed, firstRepeat, position, appendAt, previous, last, unwritten };
}
