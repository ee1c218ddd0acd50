import { none, writerState } from "../element-table.ts";
import { IntColumn } from "../../graph/int-column.ts";
import type { Findings } from "../finding.ts";
import { absent } from "../pair-index.ts";
import type { Transactions } from "../transactions.ts";
import type { Unwritten } from "../unwritten.ts";
import { noValue, type RowValue, writesRow } from "./row-value.ts";
import type { RowVersions } from "./row-versions.ts";

/** Instead of a version: the row was not there, in its first state or deleted. */
export const nothingThere = -2;

/** Instead of a version: nobody knows. */
export const unknownVersion = -1;

/** What a micro-operation of a committed transaction shows of rows, one call each. */
export type Shows = (mop: number, use: (key: number, value: RowValue) => void) => void;

/** What the committed transactions read of rows, and what follows for the versions. */
export interface RowAccesses {
  /** The reads in row order, one entry of each column per row that was shown. */
  readonly node: Int32Array;
  readonly key: Int32Array;
  readonly mop: Int32Array;
  /** The version that was read, {@link nothingThere} or {@link unknownVersion}. */
  readonly version: Int32Array;
  /**
   * By version: one that its writer knew right before it wrote (its own, or one it read), which therefore
   * came first; {@link nothingThere} or {@link unknownVersion}.
   */
  readonly base: Int32Array;
  /** Updates: the version that a transaction first read of a key it then wrote. Parallel columns. */
  readonly updated: Int32Array;
  readonly updatedKey: Int32Array;
  readonly updatedBy: Int32Array;
  /** By node: 1 where the transaction took effect: it committed, or a committed one saw a write of it. */
  readonly tookEffect: Uint8Array;
  /** By key: 1 where a committed transaction saw what a failed one wrote. */
  readonly dirty: Uint8Array;
  /** By key: 1 where a value was seen under two numbers. */
  readonly contradicted: Uint8Array;
  /** A value that nobody wrote, or null. */
  readonly stranger: Unwritten | null;
}

/**
 * Goes through the committed transactions, learns the numbers of versions from reads, and finds
 * `internal` (a read that disagrees with what the transaction itself had read or written) and
 * `future-read` (a value that the transaction only writes later). Linear.
 */
export function rowAccesses(
  transactions: Transactions,
  versions: RowVersions,
  shows: Shows,
  findings: Findings,
): RowAccesses {
  const { history, count, row, committed } = transactions;
  const log = new Log(transactions, versions, findings);
  for (let node = 0; node < count; node++) {
    if (committed[node] !== 1) continue;
    const at = row[node] ?? 0;
    log.begin(node, at);
    for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++) {
      if (writesRow(history.mopKind[mop])) log.write(mop);
      else
        shows(mop, (key, value) => {
          log.read(mop, key, value);
        });
    }
  }
  return log.build();
}

class Log {
  readonly #versions: RowVersions;
  readonly #findings: Findings;
  readonly #node = new IntColumn();
  readonly #key = new IntColumn();
  readonly #mop = new IntColumn();
  readonly #version = new IntColumn();
  readonly #base: Int32Array;
  readonly #updated = new IntColumn();
  readonly #updatedKey = new IntColumn();
  readonly #updatedBy = new IntColumn();
  readonly #tookEffect: Uint8Array;
  readonly #dirty: Uint8Array;
  readonly #contradicted: Uint8Array;
  #stranger: RowAccesses["stranger"] = null;

  // The running transaction, and what it knows of each key it touched.
  #running = -1;
  #row = 0;
  #told = false;
  readonly #touchedBy: Int32Array;
  readonly #hasWritten: Uint8Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #element: Int32Array;

  constructor({ history, committed }: Transactions, versions: RowVersions, findings: Findings) {
    const keys = history.keys.length;
    this.#versions = versions;
    this.#findings = findings;
    this.#base = versions.earlier.map((own) => (own === none ? unknownVersion : own));
    this.#tookEffect = committed.slice();
    this.#dirty = new Uint8Array(keys);
    this.#contradicted = new Uint8Array(keys);
    this.#touchedBy = new Int32Array(keys).fill(-1);
    this.#hasWritten = new Uint8Array(keys);
    this.#first = new Int32Array(keys);
    this.#last = new Int32Array(keys);
    this.#element = new Int32Array(keys);
  }

  begin(node: number, row: number): void {
    this.#running = node;
    this.#row = row;
    this.#told = false;
  }

  read(mop: number, key: number, { element, number }: RowValue): void {
    const version = this.#versionOf(mop, key, element);
    if (version >= 0) this.#learn(version, number);
    this.#node.push(this.#running);
    this.#key.push(key);
    this.#mop.push(mop);
    this.#version.push(version);
    if (this.#touchedBy[key] !== this.#running) {
      this.#touchedBy[key] = this.#running;
      this.#hasWritten[key] = 0;
      this.#first[key] = version;
    } else if (
      element !== this.#element[key] &&
      // After it found nothing, a later read is left to the dependencies between transactions.
      (this.#hasWritten[key] === 1 || this.#element[key] !== noValue) &&
      !this.#told
    ) {
      this.#told = true;
      this.#findings.add("internal", [this.#row], key);
    }
    if (this.#hasWritten[key] === 1) return;
    this.#last[key] = version;
    this.#element[key] = element;
  }

  write(mop: number): void {
    const id = this.#versions.ofMop(mop);
    if (id === none) return;
    const key = this.#versions.key[id] ?? 0;
    const touched = this.#touchedBy[key] === this.#running;
    if (touched && this.#hasWritten[key] === 0) {
      this.#base[id] = this.#last[key] ?? unknownVersion;
      if (this.#first[key] !== unknownVersion) {
        this.#updated.push(this.#first[key] ?? 0);
        this.#updatedKey.push(key);
        this.#updatedBy.push(this.#row);
      }
    }
    this.#touchedBy[key] = this.#running;
    this.#hasWritten[key] = 1;
    this.#element[key] = this.#versions.element[id] ?? noValue;
  }

  build(): RowAccesses {
    return {
      node: this.#node.view(),
      key: this.#key.view(),
      mop: this.#mop.view(),
      version: this.#version.view(),
      base: this.#base,
      updated: this.#updated.view(),
      updatedKey: this.#updatedKey.view(),
      updatedBy: this.#updatedBy.view(),
      tookEffect: this.#tookEffect,
      dirty: this.#dirty,
      contradicted: this.#contradicted,
      stranger: this.#stranger,
    };
  }

  #versionOf(mop: number, key: number, element: number): number {
    if (element === noValue) return nothingThere;
    const versions = this.#versions;
    const version = versions.find(key, element);
    if (version === absent) {
      this.#stranger ??= { row: this.#row, key, element };
      return unknownVersion;
    }
    if (versions.row[version] === this.#row && (versions.mop[version] ?? 0) > mop) {
      this.#findings.add("future-read", [this.#row], key, element);
      return unknownVersion;
    }
    if (versions.state[version] === writerState.failed) this.#dirty[key] = 1;
    else this.#tookEffect[versions.node[version] ?? 0] = 1;
    return version;
  }

  #learn(version: number, number: number): void {
    if (Number.isNaN(number)) return;
    const { number: numbers, key } = this.#versions;
    const known = numbers[version] ?? NaN;
    if (Number.isNaN(known)) numbers[version] = number;
    else if (known !== number) this.#contradicted[key[version] ?? 0] = 1;
  }
}
