import type { Lens } from "./lens.ts";
import { groupBy } from "./group-by.ts";
import { isLoose, sameLeaf, type Span } from "./same-leaf.ts";
import { hasSameParts, partsInOrder } from "./joined-texts.ts";
import {
  absent,
  type Fields,
  type Items,
  type Leaf,
  type Place,
  placeIn,
  placeOfItems,
  type Tree,
} from "./tree.ts";

/** What a comparison is made with. */
export interface Sight {
  readonly lens: Lens;
  readonly span: Span;
  /** The order of lists counts, in what functions return and in documents, and that of the parts of a text. */
  readonly ordered?: boolean;
}

/** Items that have no counterpart. */
export interface Unmatched<T extends Tree = Tree> {
  readonly here: readonly T[];
  readonly there: readonly T[];
}

/** Whether two trees may be the same. What has not been proven to differ is. */
export function sameTree(one: Tree, other: Tree, place: Place, sight: Sight): boolean {
  if (one === other || sight.lens.ignores(place)) return true;
  if (isBlind(one) || isBlind(other)) return true;
  if (one.type === "leaf" && other.type === "leaf")
    return (
      sight.lens.hides(place) ||
      sameLeaf(one, other, sight.lens, sight.span) ||
      (sight.ordered !== true && hasSameParts(one, other))
    );
  if (one.type === "fields" && other.type === "fields")
    return fieldNames(one, other).every((name) =>
      sameTree(fieldOf(one, name), fieldOf(other, name), placeIn(place, name), sight),
    );
  if (one.type === "items" && other.type === "items") {
    if (one.items.length !== other.items.length) return false;
    if (isOrdered(one, sight) && isOrdered(other, sight))
      return one.items.every((item, i) =>
        sameTree(item, other.items[i] ?? absent, placeOfItems(place), sight),
      );
    const { here, there } = unmatched(one.items, other.items, placeOfItems(place), sight);
    return here.length === 0 && there.length === 0;
  }
  return false;
}

function isOrdered({ isSet }: Items, { ordered }: Sight): boolean {
  return ordered === true && isSet !== true;
}

export function fieldOf({ fields }: Fields, name: string): Tree {
  return fields.get(name) ?? absent;
}

/** Of both, each once. */
export function fieldNames(one: Fields, other: Fields): readonly string[] {
  return [...new Set([...one.fields.keys(), ...other.fields.keys()])];
}

/** More pairs that need a closer look are not looked at: they count as the same. */
const mostLooked = 400;

/**
 * What is left of two lists in any order, whose items are at `place`, once each item has been given a counterpart, if it has one: the greatest number
 * of pairs that there can be. Cost: as many steps as there are items, and cubic in those that only rounding or the time
 * of day sets apart.
 */
export function unmatched<T extends Tree>(
  here: readonly T[],
  there: readonly T[],
  place: Place,
  sight: Sight,
): Unmatched<T> {
  if (sight.lens.ignores(place)) return { here: [], there: [] };
  const apart = withoutEqual(here, there, (item) => item);
  const text = new Map<Tree, Text>();
  for (const item of [...apart.here, ...apart.there]) text.set(item, textOf(item, place, sight));
  const left = withoutEqual(apart.here, apart.there, (item) => {
    const known = text.get(item);
    return known === undefined || known.isBlind ? item : known.text;
  });
  const isLooseList = (items: readonly T[]): boolean =>
    items.some((item) => text.get(item)?.isLoose === true);
  if (left.here.length === 0 || left.there.length === 0) return left;
  if (!isLooseList(left.here) && !isLooseList(left.there)) return left;
  if (Math.max(left.here.length, left.there.length) > mostLooked) return { here: [], there: [] };
  return closely(left, (one, other) => sameTree(one, other, place, sight));
}

interface Text {
  readonly text: string;
  /** Another text may be the same. */
  readonly isLoose: boolean;
  /** Something in it cannot be compared. */
  readonly isBlind: boolean;
}

/** A text of a tree: trees with the same text are the same. */
export function textOf(tree: Tree, place: Place, sight: Sight): Text {
  const { lens } = sight;
  if (tree.type === "leaf" ? lens.hides(place) : lens.ignores(place))
    return { text: "", isLoose: false, isBlind: false };
  switch (tree.type) {
    case "leaf":
      return { text: leafText(tree, sight), isLoose: isLoose(tree), isBlind: isBlind(tree) };
    case "fields": {
      const parts = [...tree.fields]
        .filter(([, field]) => !isAbsent(field))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, field]) => [name, textOf(field, placeIn(place, name), sight)] as const);
      return joined(
        parts.map(([, text]) => text),
        parts.map(([name, { text }]) => [name, text]),
      );
    }
    case "items": {
      const parts = tree.items.map((item) => textOf(item, placeOfItems(place), sight));
      const texts = parts.map(({ text }) => text);
      return joined(parts, isOrdered(tree, sight) ? texts : texts.sort());
    }
  }
}

/** Texts with the same parts in any order have the same, where the order of lists does not count. */
function leafText(leaf: Leaf, { lens, ordered }: Sight): string {
  return ordered === true || leaf.kind !== "plain" ? lens.textOf(leaf) : partsInOrder(leaf.text);
}

function joined(parts: readonly Text[], texts: unknown): Text {
  return {
    text: JSON.stringify(texts),
    isLoose: parts.some((part) => part.isLoose),
    isBlind: parts.some((part) => part.isBlind),
  };
}

function isAbsent(tree: Tree): boolean {
  return tree.type === "leaf" && tree.kind === "plain" && tree.text === absent.shown;
}

function isBlind(tree: Tree): boolean {
  return tree.type === "leaf" && tree.kind === "incomparable";
}

function withoutEqual<T>(
  here: readonly T[],
  there: readonly T[],
  idOf: (item: T) => unknown,
): { readonly here: readonly T[]; readonly there: readonly T[] } {
  const theirs = groupBy(there, idOf);
  const used = new Map<unknown, number>();
  const left = here.filter((item) => {
    const id = idOf(item);
    const count = used.get(id) ?? 0;
    if (count >= (theirs.get(id)?.length ?? 0)) return true;
    used.set(id, count + 1);
    return false;
  });
  return { here: left, there: [...theirs].flatMap(([id, items]) => items.slice(used.get(id) ?? 0)) };
}

/** The greatest matching, by augmenting paths (Kuhn). */
function closely<T extends Tree>(
  { here, there }: Unmatched<T>,
  same: (one: T, other: T) => boolean,
): Unmatched<T> {
  const ownerOf = new Map<number, number>();
  const candidates = here.map((one) => there.flatMap((other, i) => (same(one, other) ? [i] : [])));
  const give = (i: number, seen: Set<number>): boolean =>
    (candidates[i] ?? []).some((candidate) => {
      if (seen.has(candidate)) return false;
      seen.add(candidate);
      const owner = ownerOf.get(candidate);
      if (owner !== undefined && !give(owner, seen)) return false;
      ownerOf.set(candidate, i);
      return true;
    });
  const left = here.filter((_, i) => !give(i, new Set()));
  return { here: left, there: there.filter((_, i) => !ownerOf.has(i)) };
}
