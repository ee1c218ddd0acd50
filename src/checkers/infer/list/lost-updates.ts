import { type History, mopKindCode } from "../../../history/history.ts";
import { IntColumn } from "../../graph/int-column.ts";
import type { Findings } from "../finding.ts";
import { PairIndex } from "../pair-index.ts";
import { RowGroups } from "../row-groups.ts";
import type { Transactions } from "../transactions.ts";
import { readFrom, readTo } from "./list-reads.ts";
import type { VersionOrders } from "./version-orders.ts";

/**
 * `lost-update`: two or more committed transactions first read the same version of a key and then
 * wrote the key (Adya's thesis of 1999, H_lu; no cycle is needed to prove it). Linear.
 */
export function lostUpdates(transactions: Transactions, orders: VersionOrders, findings: Findings): void {
  const { history, count, row, committed } = transactions;
  const groups = new Groups(history, orders);
  const readBy = new Int32Array(history.keys.length).fill(-1);
  const readMop = new Int32Array(history.keys.length);
  const wroteBy = new Int32Array(history.keys.length).fill(-1);
  for (let node = 0; node < count; node++) {
    if (committed[node] !== 1) continue;
    const at = row[node] ?? 0;
    const end = history.mopStart[at + 1] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < end; mop++) {
      const key = history.mopKey[mop] ?? 0;
      const kind = history.mopKind[mop];
      if (kind === mopKindCode.r && readBy[key] !== node) {
        readBy[key] = node;
        readMop[key] = mop;
      } else if (kind === mopKindCode.append && readBy[key] === node && wroteBy[key] !== node) {
        wroteBy[key] = node;
        groups.add(key, readMop[key] ?? 0, at);
      }
    }
  }
  groups.report(findings);
}

/** Transactions by the version they read and overwrote. */
class Groups {
  readonly #history: History;
  readonly #orders: VersionOrders;
  /** A prefix of the longest read is known by its length; any other list by its text. */
  readonly #byLength = new PairIndex();
  readonly #byText = new Map<string, number>();
  readonly #key = new IntColumn();
  readonly #rows = new RowGroups();

  constructor(history: History, orders: VersionOrders) {
    this.#history = history;
    this.#orders = orders;
  }

  add(key: number, mop: number, row: number): void {
    this.#rows.add(this.#group(key, mop), row);
  }

  report(findings: Findings): void {
    this.#rows.eachOfMany(this.#key.length, (group, rows) => {
      findings.add("lost-update", rows, this.#key.at(group));
    });
  }

  #group(key: number, mop: number): number {
    const from = readFrom(this.#history, mop);
    const to = readTo(this.#history, mop);
    if (this.#orders.isPrefix[mop] === 1) {
      let group = this.#byLength.get(key, to - from);
      if (group === -1) this.#byLength.set(key, to - from, (group = this.#fresh(key)));
      return group;
    }
    const text = `${key}:${this.#history.listItems.subarray(from, to).join()}`;
    let group = this.#byText.get(text);
    if (group === undefined) this.#byText.set(text, (group = this.#fresh(key)));
    return group;
  }

  #fresh(key: number): number {
    this.#key.push(key);
    return this.#key.length - 1;
  }
}
