import { IntColumn } from "../../graph/int-column.ts";
import { none } from "../element-table.ts";
import type { FanItems } from "../range-fan.ts";
import type { RowOrder } from "../versioned/row-order.ts";
import type { RowVersions } from "../versioned/row-versions.ts";
import { unseenRow } from "../versioned/unseen-row.ts";

/**
 * Of all rows that a predicate could have shown, what follows for a read that did not show them. It is
 * the same for every read by the predicate.
 */
export interface HiddenRows {
  /** Rank among the rows, in which the items are sorted, of a row by its key; -1 for one that never matches. */
  readonly rankOf: (key: number) => number;
  /** Keys of the rows, ascending. */
  readonly keys: Int32Array;
  /** Writers that made a row of the predicate's go out of sight, before the read. */
  readonly gone: RowItems;
  /** Writers that make a row come into sight, after the read. */
  readonly toCome: RowItems;
  /** By rank: 1 for a row that every version of shows. */
  readonly impossible: Uint8Array;
}

/** Items sorted by row: those of rank r are entries `start[r]` (inclusive) to `start[r + 1]` (exclusive). */
export interface RowItems {
  readonly start: Int32Array;
  readonly items: FanItems;
}

/**
 * Finds them. A row that no version matches shows nothing either way. Linear in all versions of the rows.
 * @param matching the versions that the predicate shows
 */
export function hiddenRows(versions: RowVersions, order: RowOrder, matching: readonly number[]): HiddenRows {
  const shows = new Set(matching);
  const keys = Int32Array.from(new Set(matching.map((v) => versions.key[v] ?? 0))).sort();
  const rank = new Map([...keys].map((key, i) => [key, i]));
  const gone = new Items(versions);
  const toCome = new Items(versions);
  const impossible = new Uint8Array(keys.length);
  keys.forEach((key, i) => {
    const row = unseenRow(versions, order, key, (v) => shows.has(v));
    gone.add(row.gone === none ? [] : [row.gone]);
    toCome.add(row.toCome);
    if (row.impossible) impossible[i] = 1;
  });
  return {
    rankOf: (key) => rank.get(key) ?? none,
    keys,
    gone: gone.build(),
    toCome: toCome.build(),
    impossible,
  };
}

class Items {
  readonly #versions: RowVersions;
  readonly #start = new IntColumn();
  readonly #items = new IntColumn();

  constructor(versions: RowVersions) {
    this.#versions = versions;
  }

  add(ofRow: readonly number[]): void {
    this.#start.push(this.#items.length);
    for (const version of ofRow) this.#items.push(version);
  }

  build(): RowItems {
    this.#start.push(this.#items.length);
    const { key, node, element } = this.#versions;
    const ids = this.#items.view();
    return {
      start: this.#start.view(),
      items: {
        key: none,
        keys: ids.map((v) => key[v] ?? 0),
        node: ids.map((v) => node[v] ?? 0),
        element: ids.map((v) => element[v] ?? none),
      },
    };
  }
}
