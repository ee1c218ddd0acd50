import { answeredLeaves, type KeyPlaces } from "./answered-keys.ts";
import type { Lens } from "./lens.ts";
import { placedLeaves } from "./serial-run.ts";
import type { Snapshot } from "./snapshot.ts";
import { endingPlace, type Leaf, type Place } from "./tree.ts";

/**
 * Where each generated key and each UUID of an outcome is, as a text for each of them: all that is left of them once
 * their values do not matter. Two outcomes that are the same but for such values have the same links; that a line
 * belongs to another order, or that two sessions did not answer the same token, is a difference in them.
 *
 * @param like whose sessions and tables count
 * @param answered places of numbers in answers that are keys too
 */
export function linksOf(
  snapshot: Snapshot,
  like: Snapshot,
  lens: Lens,
  answered: KeyPlaces,
): readonly string[] {
  const places = new Map<string, Place[]>();
  const add = (identity: string, place: Place): void => {
    const known = places.get(identity);
    if (known === undefined) places.set(identity, [place]);
    else known.push(place);
  };
  for (const [place, leaf] of leavesOf(snapshot, like, lens)) {
    const identity = identityOf(leaf, lens);
    if (identity !== undefined) add(identity, place);
  }
  for (const [place, leaf, of] of answeredLeaves(snapshot, answered))
    if (leaf.kind === "number") add(`${of} ${leaf.text}`, place);
  return [...places.values()].map(linkText).sort();
}

/** What one list of links has and another one has not, each as often as it is too many. */
export function linksLeft(links: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return links.filter((link) => {
    const at = left.indexOf(link);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function* leavesOf(
  { tables, endings }: Snapshot,
  like: Snapshot,
  lens: Lens,
): Generator<readonly [place: Place, leaf: Leaf]> {
  for (const [table, rows] of tables)
    if (like.tables.has(table)) for (const row of rows) yield* placedLeaves(row, table, lens);
  for (const [session, ending] of endings)
    if (like.endings.has(session)) yield* placedLeaves(ending.tree, endingPlace(session, ending), lens);
}

/** Who the leaf stands for; undefined for what does not stand for somebody new in each run. */
function identityOf(leaf: Leaf, lens: Lens): string | undefined {
  if (leaf.kind === "uuid") return lens.isConstant(leaf.text) ? undefined : `uuid ${leaf.text}`;
  if (leaf.kind !== "key") return undefined;
  return lens.isLasting(leaf.of, leaf.text) ? undefined : `${leaf.of} ${leaf.text}`;
}

/** `lines.order_id twice, orders.id`. */
function linkText(places: readonly Place[]): string {
  const counts = new Map<string, number>();
  for (const place of [...places].sort()) {
    const name = place.replaceAll("[]", "").replace(/^(\d+):(\w+)/, "$2 of session $1");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} times)`)).join(" = ");
}
