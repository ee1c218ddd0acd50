import { none, writerState } from "../element-table.ts";
import { nothingThere } from "./row-accesses.ts";
import type { RowOrder } from "./row-order.ts";
import type { RowVersions } from "./row-versions.ts";

/** What follows when a read that would have shown some versions of a row did not show the row. */
export interface UnseenRow {
  /** The version that made the row go out of sight, if the read surely came after it, or {@link none}. */
  readonly gone: number;
  /** The versions that made it come into sight, and that the read surely came before. */
  readonly toCome: readonly number[];
  /** Whether the row cannot have been out of sight at all. */
  readonly impossible: boolean;
}

const nothingFollows: UnseenRow = { gone: none, toCome: [], impossible: false };

/**
 * The read found one of the states in which the row does not show: not there yet, deleted, or a version
 * that the predicate rejects (Adya, Liskov and O'Neil 2000, section 4.4). What holds for each of them is proven: a version
 * that shows and comes after all of them is yet to come, and if all of them come at or after one, then
 * that one was there. A version of unknown outcome counts among them, and proves nothing else. Linear in
 * the row's versions.
 *
 * @param shows whether the read would have shown a version; never asked of a deleted row
 */
export function unseenRow(
  versions: RowVersions,
  order: RowOrder,
  key: number,
  shows: (version: number) => boolean,
): UnseenRow {
  const ids = versions.sorted.subarray(versions.start[key], versions.start[key + 1]);
  const possible = ids.filter((v) => versions.state[v] !== writerState.failed);
  const lastDelete = order.lastDelete[key] ?? none;
  const hides = new Set<number>();
  for (const v of possible) if (!shows(v)) hides.add(v);
  if ((order.founder[key] ?? none) === none) hides.add(nothingThere);
  if (hides.size === 0) return possible.length > 0 ? { ...nothingFollows, impossible: true } : nothingFollows;

  const above = hiddenAncestors(order.previous, possible, hides);
  const toCome = [...possible].filter(
    (v) =>
      order.visible[v] === 1 &&
      !hides.has(v) &&
      above.get(v)?.count === hides.size &&
      hides.has(order.previous[v] ?? none),
  );
  const others = [...hides].filter((v) => v !== lastDelete);
  const first =
    others.find((v) => v >= 0 && above.get(v)?.count === 0) ?? (others.length === 0 ? lastDelete : none);
  const isFirst =
    first !== none &&
    order.visible[first] === 1 &&
    others.every((v) => v === first || above.get(v)?.top === first);
  return { gone: isFirst ? first : none, toCome, impossible: false };
}

interface Above {
  /** How many of the states in which the row does not show are known to come before. */
  readonly count: number;
  /** The earliest of them, or {@link none}. */
  readonly top: number;
}

/** By version. */
function hiddenAncestors(
  previous: Int32Array,
  possible: Int32Array,
  hides: ReadonlySet<number>,
): ReadonlyMap<number, Above> {
  const found = new Map<number, Above>();
  // Nothing comes before the first state, and nothing is known before an unknown one.
  if (hides.has(nothingThere)) found.set(nothingThere, { count: 0, top: none });
  for (const v of possible) {
    const path: number[] = [];
    let at = v;
    while (at >= 0 && !found.has(at)) {
      path.push(at);
      at = previous[at] ?? none;
    }
    let above = below(found.get(at), at, hides);
    while (path.length > 0) {
      const next = path.pop() ?? 0;
      found.set(next, above);
      above = below(above, next, hides);
    }
  }
  return found;
}

/** What holds right after a state. */
function below(above: Above | undefined, state: number, hides: ReadonlySet<number>): Above {
  if (above === undefined) return { count: 0, top: none };
  if (!hides.has(state)) return above;
  return { count: above.count + 1, top: above.top === none ? state : above.top };
}
