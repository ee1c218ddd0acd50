import type { Catalogue } from "./catalogue.ts";
import type { Lens } from "./lens.ts";
import type { SentStatements } from "./outcome.ts";
import type { Snapshot } from "./snapshot.ts";
import { type Leaf, type Place, placeIn, placeOfItems, type Tree } from "./tree.ts";

/** One execution of functions, one after another. */
export interface SerialRun {
  readonly order: readonly number[];
  readonly left: Snapshot;
  /** What the set-up had made. */
  readonly setup: Snapshot;
  /** What generators had handed out when the first function began. */
  readonly positions: readonly number[];
  /** By session, where that is known. */
  readonly sent: readonly SentStatements[];
  /** See `Outcome`. */
  readonly ordered: boolean;
  /** Sessions that had several statements under way at once. */
  readonly several: ReadonlySet<number>;
}

/** Values of generated columns, by column. A column that nobody has a value of is there too. */
export function generatedKeys(
  snapshot: Snapshot,
  catalogue: Catalogue,
): ReadonlyMap<string, ReadonlySet<string>> {
  const keys = new Map<string, Set<string>>();
  for (const { columns } of catalogue.tables)
    for (const { keyOf } of columns) if (keyOf !== undefined) keys.set(keyOf, new Set());
  for (const leaf of leavesOf(snapshot)) if (leaf.kind === "key") keys.get(leaf.of)?.add(leaf.text);
  return keys;
}

/** UUIDs in what a run left or returned. */
export function uuidsOf(snapshot: Snapshot): ReadonlySet<string> {
  const uuids = new Set<string>();
  for (const leaf of leavesOf(snapshot)) if (leaf.kind === "uuid") uuids.add(leaf.text);
  return uuids;
}

/** All leaves of a snapshot. */
export function* leavesOf({ tables, endings }: Snapshot): Generator<Leaf> {
  for (const rows of tables.values()) for (const row of rows) yield* leavesIn(row);
  for (const { tree } of endings.values()) yield* leavesIn(tree);
}

function* leavesIn(tree: Tree): Generator<Leaf> {
  switch (tree.type) {
    case "leaf":
      yield tree;
      return;
    case "fields":
      for (const field of tree.fields.values()) yield* leavesIn(field);
      return;
    case "items":
      for (const item of tree.items) yield* leavesIn(item);
  }
}

/** The leaves of a tree that are compared, and where they are. */
export function* placedLeaves(
  tree: Tree,
  place: string,
  lens: Lens,
): Generator<readonly [place: string, leaf: Leaf]> {
  if (lens.ignores(place)) return;
  switch (tree.type) {
    case "leaf":
      if (!lens.hides(place)) yield [place, tree];
      return;
    case "fields":
      for (const [name, field] of tree.fields) yield* placedLeaves(field, placeIn(place, name), lens);
      return;
    case "items":
      for (const item of tree.items) yield* placedLeaves(item, placeOfItems(place), lens);
  }
}

/** All leaves of a tree, and where they are. */
export function* everyLeaf(tree: Tree, place: Place): Generator<readonly [place: Place, leaf: Leaf]> {
  switch (tree.type) {
    case "leaf":
      yield [place, tree];
      return;
    case "fields":
      for (const [name, field] of tree.fields) yield* everyLeaf(field, placeIn(place, name));
      return;
    case "items":
      for (const item of tree.items) yield* everyLeaf(item, placeOfItems(place));
  }
}
