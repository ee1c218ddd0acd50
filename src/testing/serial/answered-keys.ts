import type { Lens } from "./lens.ts";
import { everyLeaf, leavesOf, type SerialRun } from "./serial-run.ts";
import type { Ending, Snapshot } from "./snapshot.ts";
import { endingPlace, type Leaf, type Place } from "./tree.ts";

/** A place in what a session answers, and the generated column, as `table.column`, whose values are there. */
export type KeyPlaces = ReadonlyMap<Place, string>;

/** So many runs, of so many orders, must agree. */
const fewestRuns = 4;
const fewestOrders = 2;

/**
 * Learns which numbers in answers are generated keys. A number says nothing of where it comes from; but one that equals
 * a key of the same column in every serial run, though the generators were moved on between them, each by another
 * amount, is taken from that column. Where a number could be of two columns, or once was of none, it is not learnt.
 */
export class AnsweredKeys {
  /** Columns that may be the one, by session and place. */
  readonly #columns = new Map<number, Map<Place, ReadonlySet<string>>>();
  readonly #runs = new Map<number, string[]>();

  /** Takes note of one more run. */
  learn({ order, left }: SerialRun, lens: Lens): void {
    const keys = freshKeys(left, lens);
    for (const session of order) {
      const here = columnsByPlace(session, left.endings.get(session), keys, lens);
      const known = this.#columns.get(session);
      this.#columns.set(session, known === undefined ? here : inBoth(known, here));
      this.#runs.set(session, [...(this.#runs.get(session) ?? []), order.join(" ")]);
    }
  }

  /** There are numbers that may be keys, of which more runs would tell more. */
  get areOpen(): boolean {
    return [...this.#columns.values()].some(({ size }) => size > 0);
  }

  /** What is learnt for good, of those places in which an outcome has such keys too. */
  within(snapshot: Snapshot, lens: Lens): KeyPlaces {
    const places = new Map<Place, string>();
    for (const [session, columns] of this.#columns) {
      const orders = this.#runs.get(session) ?? [];
      if (columns.size === 0 || orders.length < fewestRuns || new Set(orders).size < fewestOrders) continue;
      const here = columnsByPlace(session, snapshot.endings.get(session), freshKeys(snapshot, lens), lens);
      for (const [place, [column, ...others]] of columns)
        if (column !== undefined && others.length === 0 && here.get(place)?.has(column) === true)
          places.set(place, column);
    }
    return places;
  }
}

/** The leaves of answers in these places, and the columns whose keys they are. */
export function* answeredLeaves(
  { endings }: Snapshot,
  places: KeyPlaces,
): Generator<readonly [place: Place, leaf: Leaf, of: string]> {
  if (places.size === 0) return;
  for (const [session, ending] of endings)
    for (const [place, leaf] of everyLeaf(ending.tree, endingPlace(session, ending))) {
      const of = places.get(place);
      if (of !== undefined) yield [place, leaf, of];
    }
}

/** Whose answer a place is in. */
export function sessionOf(place: Place): number {
  return Number(/^\d+/.exec(place)?.[0]);
}

type Keys = ReadonlyMap<string, ReadonlySet<string>>;

/** Keys that were generated since the set-up, or by it anew, by column. */
function freshKeys(snapshot: Snapshot, lens: Lens): Keys {
  const keys = new Map<string, Set<string>>();
  for (const leaf of leavesOf(snapshot)) {
    if (leaf.kind !== "key" || lens.isLasting(leaf.of, leaf.text)) continue;
    const known = keys.get(leaf.of);
    if (known === undefined) keys.set(leaf.of, new Set([leaf.text]));
    else known.add(leaf.text);
  }
  return keys;
}

/** For each place of an answer the columns that have all numbers which are there among their keys; none: it is left out. */
function columnsByPlace(
  session: number,
  ending: Ending | undefined,
  keys: Keys,
  lens: Lens,
): Map<Place, ReadonlySet<string>> {
  const texts = new Map<Place, (string | undefined)[]>();
  if (ending?.type !== "returned") return new Map();
  for (const [place, leaf] of everyLeaf(ending.tree, endingPlace(session, ending))) {
    if (lens.ignores(place)) continue;
    const text = leaf.kind === "number" && !leaf.isFloat ? leaf.text : undefined;
    texts.set(place, [...(texts.get(place) ?? []), text]);
  }
  const columns = new Map<Place, ReadonlySet<string>>();
  for (const [place, all] of texts) {
    const those = [...keys].filter(([, of]) => all.every((text) => text !== undefined && of.has(text)));
    if (those.length > 0) columns.set(place, new Set(those.map(([column]) => column)));
  }
  return columns;
}

function inBoth(
  one: ReadonlyMap<Place, ReadonlySet<string>>,
  other: ReadonlyMap<Place, ReadonlySet<string>>,
): Map<Place, ReadonlySet<string>> {
  const both = new Map<Place, ReadonlySet<string>>();
  for (const [place, columns] of one) {
    const common = [...columns].filter((column) => other.get(place)?.has(column) === true);
    if (common.length > 0) both.set(place, new Set(common));
  }
  return both;
}
