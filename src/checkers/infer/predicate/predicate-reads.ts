import { type History, mopKindCode, shapeCode } from "../../../history/history.ts";
import { canonicalJson, isJsonArray } from "../../../history/json-value.ts";
import type { Json } from "../../../history/operation.ts";
import { IntColumn } from "../../graph/int-column.ts";
import type { Transactions } from "../transactions.ts";
import type { RowValue } from "../versioned/row-value.ts";
import type { RowVersions } from "../versioned/row-versions.ts";
import { matches, parsePredicate, type Predicate } from "./predicate.ts";

/** Every read by a predicate of a committed transaction, and the rows that it showed, in columns. */
export interface PredicateReads {
  readonly node: Int32Array;
  readonly mop: Int32Array;
  /** Position of the predicate in the history's keys. */
  readonly predicate: Int32Array;
  /** Read i showed rows `start[i]` (inclusive) to `start[i + 1]` (exclusive) of the columns below. */
  readonly start: Int32Array;
  readonly key: Int32Array;
  readonly element: Int32Array;
  readonly number: readonly number[];
  /** By position in the history's keys. */
  readonly predicates: ReadonlyMap<number, Predicate>;
  /** Why reads cannot be understood, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads them: `["rp", predicate, rows]` with rows as a list of `[row, value]` or an object from rows to
 * values; null is no result. A row or value that nobody wrote keeps the element of the pair itself, which
 * no version holds. Linear in the rows shown.
 */
export function predicateReads(transactions: Transactions, versions: RowVersions): PredicateReads {
  const { history, count, row, committed } = transactions;
  const reads = new Columns(history, versions);
  for (let node = 0; node < count; node++) {
    if (committed[node] !== 1) continue;
    const at = row[node] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++)
      if (history.mopKind[mop] === mopKindCode.rp && history.mopShape[mop] !== shapeCode.none)
        reads.add(mop, node, at);
  }
  return reads.build();
}

class Columns {
  readonly #history: History;
  readonly #rows = new Map<string, number>();
  readonly #values = new Map<string, number>();
  readonly #node = new IntColumn();
  readonly #mop = new IntColumn();
  readonly #predicate = new IntColumn();
  readonly #start = new IntColumn();
  readonly #key = new IntColumn();
  readonly #element = new IntColumn();
  readonly #number: number[] = [];
  readonly #predicates = new Map<number, Predicate>();
  #problem: string | null = null;

  constructor(history: History, { key, element }: RowVersions) {
    this.#history = history;
    for (const k of new Set(key)) this.#rows.set(canonicalJson(history.keys[k] ?? null), k);
    for (const e of new Set(element))
      if (e >= 0) this.#values.set(canonicalJson(history.values[e] ?? null), e);
  }

  add(mop: number, node: number, row: number): void {
    const { keys, index, mopKey } = this.#history;
    const at = mopKey[mop] ?? 0;
    const predicate = this.#predicates.get(at) ?? parsePredicate(keys[at] ?? null);
    if (predicate === null) {
      this.#problem ??= `The operation with index ${index[row] ?? -1} reads by ${JSON.stringify(keys[at])}, which is no predicate (expected true, ["=", value], ["=", field, value] or ["mod", m, r]).`;
      return;
    }
    this.#predicates.set(at, predicate);
    this.#node.push(node);
    this.#mop.push(mop);
    this.#predicate.push(at);
    this.#start.push(this.#key.length);
    this.#eachShown(mop, (name, value, element) => {
      const shown = valueOf(value);
      if (shown?.value === undefined || shown.value === null)
        this.#problem ??= `The operation with index ${index[row] ?? -1} reads by a predicate what is no list of [row, value].`;
      else if (!matches(predicate, shown.value))
        this.#problem ??= `The operation with index ${index[row] ?? -1} reads by ${JSON.stringify(keys[at])} a row that the predicate rejects: ${JSON.stringify(value)}.`;
      else this.#show(name, shown, element, at);
    });
  }

  build(): PredicateReads {
    this.#start.push(this.#key.length);
    return {
      node: this.#node.view(),
      mop: this.#mop.view(),
      predicate: this.#predicate.view(),
      start: this.#start.view(),
      key: this.#key.view(),
      element: this.#element.view(),
      number: this.#number,
      predicates: this.#predicates,
      problems: this.#problem === null ? [] : [this.#problem],
    };
  }

  #show(name: Json, { value, number }: Shown, stranger: number, predicate: number): void {
    this.#key.push(this.#rows.get(canonicalJson(name)) ?? predicate);
    this.#element.push(this.#values.get(canonicalJson(value)) ?? stranger);
    this.#number.push(number);
  }

  #eachShown(mop: number, use: (name: Json, value: Json, element: number) => void): void {
    const { mopShape, mopValue, values, listFrom, listTo, listItems } = this.#history;
    const at = mopValue[mop] ?? 0;
    if (mopShape[mop] === shapeCode.list) {
      for (let i = listFrom[at] ?? 0; i < (listTo[at] ?? 0); i++) {
        const element = listItems[i] ?? 0;
        const pair = values[element] ?? null;
        const isPair = isJsonArray(pair) && pair.length === 2;
        use(isPair ? (pair[0] ?? null) : null, isPair ? (pair[1] ?? null) : null, element);
      }
      return;
    }
    const object = values[at] ?? null;
    if (typeof object !== "object" || object === null || isJsonArray(object)) use(null, null, at);
    else for (const [name, value] of Object.entries(object)) use(name, value, at);
  }
}

/** A value of a row, and its version where it is written as `[n, v]`. */
interface Shown {
  readonly value: Json;
  readonly number: number;
}

function valueOf(json: Json): Shown | null {
  if (!isJsonArray(json)) return { value: json, number: NaN };
  const [number = null, value = null] = json;
  if (json.length !== 2 || (number !== null && !Number.isInteger(number))) return null;
  return { value, number: typeof number === "number" ? number : NaN };
}

/** The rows that a read showed, as reads of these rows. */
export function eachShownRow(
  { start, key, element, number }: PredicateReads,
  read: number,
  use: (key: number, value: RowValue) => void,
): void {
  for (let i = start[read] ?? 0; i < (start[read + 1] ?? 0); i++)
    use(key[i] ?? 0, { element: element[i] ?? 0, number: number[i] ?? NaN });
}
