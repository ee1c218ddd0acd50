import { type History, shapeCode } from "../../../history/history.ts";
import { none, writerState } from "../element-table.ts";
import type { Transactions } from "../transactions.ts";
import type { Unwritten } from "../unwritten.ts";
import { isWrite, notPlain, type RegisterLog, stateOfRow } from "./register-log.ts";

/** Row of what nobody wrote: the initial version, and values from nowhere. */
export const nobody = -1;

/**
 * The versions of all registers, numbered so that those of key k are `start[k]` (inclusive) to
 * `start[k + 1]` (exclusive). The first of each key is its initial version, read as null; then come the
 * written ones in row order, then values that were read and that nobody wrote.
 */
export interface RegisterVersions {
  readonly length: number;
  readonly start: Uint32Array;
  /** Position in the history's values; {@link none} for initial versions. */
  readonly value: Int32Array;
  /** Row of the writer, or {@link nobody}. */
  readonly row: Int32Array;
  /** A code of `writerState` for versions that somebody wrote. */
  readonly state: Uint8Array;
  /** 1 where the writer went on to write the key again. */
  readonly intermediate: Uint8Array;
  /** Node of the transaction that surely committed and left the version behind, or {@link none}. */
  readonly writer: Int32Array;
  /** Version of each entry of the log. */
  readonly of: Int32Array;
  /** A value that was read and that nobody wrote: who read it where, or null. */
  readonly stranger: Unwritten | null;
  /** Why some keys' versions cannot be told apart (their entries are gone from the log); one sentence each. */
  readonly problems: readonly string[];
}

/** Numbers the versions, and empties the entries of keys that cannot be judged. Linear in the log. */
export function registerVersions(transactions: Transactions, log: RegisterLog): RegisterVersions {
  return new Numbering(transactions, log).run();
}

class Numbering {
  readonly #transactions: Transactions;
  readonly #history: History;
  readonly #log: RegisterLog;
  readonly #value: Int32Array;
  readonly #row: Int32Array;
  readonly #intermediate: Uint8Array;
  readonly #of: Int32Array;
  #length = 0;
  /** By value: its version, if it belongs to the key at hand. */
  readonly #versionOf: Int32Array;
  /** The first version of the key at hand. */
  #first = 0;
  #stranger: RegisterVersions["stranger"] = null;
  #problem: string | null = null;

  constructor(transactions: Transactions, log: RegisterLog) {
    this.#transactions = transactions;
    this.#history = transactions.history;
    this.#log = log;
    const bound = this.#history.keys.length + log.mop.length;
    this.#value = new Int32Array(bound);
    this.#row = new Int32Array(bound);
    this.#intermediate = new Uint8Array(bound);
    this.#of = new Int32Array(log.mop.length).fill(none);
    this.#versionOf = new Int32Array(this.#history.values.length).fill(none);
  }

  run(): RegisterVersions {
    const keys = this.#history.keys.length;
    const start = new Uint32Array(keys + 1);
    for (let key = 0; key < keys; key++) {
      if (!this.#number(key)) this.#exclude(key);
      start[key + 1] = this.#length;
    }
    const row = this.#row.subarray(0, this.#length);
    const intermediate = this.#intermediate.subarray(0, this.#length);
    const state = new Uint8Array(row.length);
    const writer = new Int32Array(row.length).fill(none);
    row.forEach((at, version) => {
      if (at === nobody) return;
      const known = stateOfRow(this.#transactions, at);
      state[version] = known;
      if (known === writerState.committed && intermediate[version] === 0)
        writer[version] = this.#transactions.node[at] ?? none;
    });
    return {
      length: row.length,
      start,
      value: this.#value.subarray(0, this.#length),
      row,
      state,
      intermediate,
      writer,
      of: this.#of,
      stranger: this.#stranger,
      problems: this.#problem === null ? [] : [this.#problem],
    };
  }

  /** Numbers the versions of one key; false where they cannot be told apart. */
  #number(key: number): boolean {
    const from = this.#log.start[key] ?? 0;
    const to = this.#log.end[key] ?? 0;
    this.#first = this.#length;
    this.#add(none, nobody);
    let previous = none;
    for (let entry = from; entry < to; entry++) {
      const mop = this.#log.mop[entry] ?? 0;
      const at = this.#log.row[entry] ?? 0;
      const strange = notPlain(this.#history, mop);
      if (strange !== null) return this.#refuse(this.#notPlain(at, strange, key));
      if (!isWrite(this.#history, mop)) continue;
      const value = this.#history.mopValue[mop] ?? 0;
      const known = this.#find(value);
      if (known !== none) return this.#refuse(this.#repeated(key, value, this.#row[known] ?? nobody, at));
      const version = this.#add(value, at);
      if (previous !== none && this.#row[previous] === at) this.#intermediate[previous] = 1;
      previous = version;
      this.#of[entry] = version;
    }
    for (let entry = from; entry < to; entry++)
      if (this.#of[entry] === none) this.#of[entry] = this.#read(key, entry);
    return true;
  }

  #read(key: number, entry: number): number {
    const mop = this.#log.mop[entry] ?? 0;
    if (this.#history.mopShape[mop] === shapeCode.none) return this.#first;
    const value = this.#history.mopValue[mop] ?? 0;
    const known = this.#find(value);
    if (known !== none) return known;
    this.#stranger ??= { row: this.#log.row[entry] ?? 0, key, element: value };
    return this.#add(value, nobody);
  }

  #find(value: number): number {
    const version = this.#versionOf[value] ?? none;
    return version > this.#first ? version : none;
  }

  #add(value: number, row: number): number {
    const version = this.#length++;
    if (value !== none) this.#versionOf[value] = version;
    this.#value[version] = value;
    this.#row[version] = row;
    return version;
  }

  #exclude(key: number): void {
    this.#log.end[key] = this.#log.start[key] ?? 0;
  }

  #refuse(problem: string): false {
    this.#problem ??= problem;
    return false;
  }

  #notPlain(row: number, does: "writes" | "reads", key: number): string {
    const { index, keys } = this.#history;
    return `The operation with index ${index[row] ?? -1} ${does} no plain value ${does === "writes" ? "to" : "from"} ${JSON.stringify(keys[key])}, so the key cannot be judged as a register.`;
  }

  #repeated(key: number, value: number, first: number, second: number): string {
    const { index, keys, values } = this.#history;
    return (
      `${JSON.stringify(values[value])} was written to ${JSON.stringify(keys[key])} more than once ` +
      `(indices ${index[first] ?? -1} and ${index[second] ?? -1}); reads can be traced only if every write is unique.`
    );
  }
}
