import { groupBy } from "./group-by.ts";
import { publicPlace } from "./lens.ts";
import { isToken, timesIn } from "./shapes.ts";
import { leavesOf, placedLeaves, type SerialRun } from "./serial-run.ts";
import { type Sight, sameTree, unmatched } from "./same-tree.ts";
import { endingPlace, type Leaf, type Place, type Tree } from "./tree.ts";
import { showTree } from "./show-tree.ts";
import type { Ending, Snapshot } from "./snapshot.ts";

/**
 * Compares two runs of the same functions in the same order, with other generated keys and at another time. Where they
 * differ in what keys and times explain, the lens does not look again.
 *
 * @returns a sentence for everything else they differ in: then the functions are not repeatable
 */
export function learn(first: SerialRun, second: SerialRun, sight: Sight): readonly string[] {
  return new Lesson(first, second, sight).take();
}

/**
 * Compares what two set-ups made, once the lens has learnt what need not be the same.
 *
 * @returns a sentence for each table that is not the same
 */
export function unlikeSetups(first: Snapshot, second: Snapshot, sight: Sight): readonly string[] {
  return [...first.tables].flatMap(([table, rows]) => {
    const { here, there } = unmatched(rows, second.tables.get(table) ?? rows, table, sight);
    const [row] = here.length > 0 ? here : there;
    return row === undefined
      ? []
      : [unlike(table, `the row ${showTree(row)} is there once and not another time`)];
  });
}

function unlike(place: Place, how: string): string {
  const [table = place] = place.split(".");
  return (
    `The set-up does not make the same state each time: ${place} differs (${how}). ` +
    `Let the set-up put ${table} back, or declare that it does not matter: ignore: ["${place}"].`
  );
}

class Lesson {
  readonly #first: Run;
  readonly #second: Run;
  readonly #sight: Sight;
  readonly #problems: string[] = [];
  #tell = unrepeatable;

  constructor(first: SerialRun, second: SerialRun, sight: Sight) {
    this.#sight = sight;
    this.#first = withKeys(first, sight);
    this.#second = withKeys(second, sight);
  }

  take(): readonly string[] {
    this.#tables("setup", unlike);
    if (this.#problems.length > 0) return this.#problems;
    this.#tables("left", unrepeatable);
    const [first, second] = [this.#first.run.left, this.#second.run.left];
    for (const [session, ending] of first.endings) {
      const other = second.endings.get(session);
      if (other !== undefined) this.#ending(session, ending, other);
    }
    return this.#problems;
  }

  #tables(when: "setup" | "left", tell: typeof unrepeatable): void {
    this.#tell = tell;
    for (const [table, rows] of this.#first.run[when].tables) {
      const others = this.#second.run[when].tables.get(table);
      if (others !== undefined) this.#rows(table, rows, others);
    }
  }

  #rows(table: Place, rows: readonly Tree[], others: readonly Tree[]): void {
    if (this.#sight.lens.ignores(table)) return;
    if (rows.length !== others.length) {
      this.#complain(table, `it has ${count(rows.length)} once and ${count(others.length)} another time`);
      return;
    }
    const apart = (): boolean => {
      const { here, there } = unmatched(rows, others, table, this.#sight);
      return here.length > 0 || there.length > 0;
    };
    if (!apart()) return;
    const { here, there } = unmatched(rows, others, table, this.#sight);
    if (this.#leaves(table, here, there) && apart())
      this.#complain(table, "its values go together in one way once and in another way another time");
  }

  #ending(session: number, ending: Ending, other: Ending): void {
    const place = endingPlace(session, ending);
    if (this.#sight.lens.ignores(place)) return;
    if (ending.type !== other.type) {
      this.#complain(
        endingPlace(session, { type: "returned" }),
        `session ${session} returned once and threw another time`,
      );
      return;
    }
    const apart = (): boolean => !sameTree(ending.tree, other.tree, place, this.#sight);
    if (!apart()) return;
    if (ending.type === "threw") this.#sight.lens.mask(`${place}.message`);
    if (this.#leaves(place, [ending.tree], [other.tree]) && apart())
      this.#complain(place, "it is made up in one way once and in another way another time");
  }

  /** Hides the places whose values differ in what is explained; false when some differ otherwise, which it tells. */
  #leaves(root: Place, here: readonly Tree[], there: readonly Tree[]): boolean {
    const { lens } = this.#sight;
    const [ours, theirs] = [here, there].map((trees) =>
      groupBy(
        trees.flatMap((tree) => [...placedLeaves(tree, root, lens)]),
        ([place]) => place,
      ),
    );
    let explained = true;
    for (const place of new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])) {
      const leaves = [ours, theirs].map((of) => (of?.get(place) ?? []).map(([, leaf]) => leaf));
      const left = unmatched(leaves[0] ?? [], leaves[1] ?? [], place, this.#sight);
      if (left.here.length === 0 && left.there.length === 0) continue;
      if (this.#explained(left.here, left.there)) {
        lens.mask(place);
        continue;
      }
      explained = false;
      const [once, again] = [left.here[0], left.there[0]].map((leaf) => leaf?.shown ?? "not there");
      this.#complain(place, `it is ${once} once and ${again} another time`);
    }
    return explained;
  }

  #explained(here: readonly Leaf[], there: readonly Leaf[]): boolean {
    if (here.length !== there.length) return false;
    const passing = (leaf: Leaf, run: Run): boolean =>
      leaf.kind === "time" ||
      leaf.kind === "uuid" ||
      (leaf.kind === "number" && run.isKey(leaf.text)) ||
      (leaf.kind === "plain" && isToken(unquoted(leaf.text)));
    if (
      here.every((leaf) => passing(leaf, this.#first)) &&
      there.every((leaf) => passing(leaf, this.#second))
    )
      return true;
    return (
      sameTemplates(here, there) && here.every(this.#first.holdsKey) && there.every(this.#second.holdsKey)
    );
  }

  #complain(place: Place, how: string): void {
    this.#problems.push(this.#tell(publicPlace(place), how));
  }
}

function unrepeatable(place: Place, how: string): string {
  return (
    `The functions are not repeatable: ${place} is not the same each time the same serial order is run (${how}). ` +
    `If that does not matter, declare it: ignore: ["${place}"].`
  );
}

/** So far from where it was when the first function began may a generator be in the end. */
const furthest = 200;

interface Run {
  readonly run: SerialRun;
  /** Whether a number may have been generated in this run. */
  readonly isKey: (digits: string) => boolean;
  /** Whether such a number, or a time, is in a text. */
  readonly holdsKey: (leaf: Leaf) => boolean;
}

function withKeys(run: SerialRun, { lens }: Sight): Run {
  const keys = new Set<string>();
  for (const leaf of [...leavesOf(run.setup), ...leavesOf(run.left)])
    if (leaf.kind === "key" && !lens.isLasting(leaf.of, leaf.text)) keys.add(leaf.text);
  const isKey = (digits: string): boolean =>
    keys.has(digits) ||
    run.positions.some((position) => Number(digits) > position && Number(digits) <= position + furthest);
  return {
    run,
    isKey,
    holdsKey: (leaf) =>
      leaf.kind === "plain" &&
      (timesIn(leaf.text).timesMs.length > 0 ||
        (leaf.text.match(/\d+/g) ?? []).some((digits) => isKey(digits.replace(/^0+(?=\d)/, "")))),
  };
}

function sameTemplates(here: readonly Leaf[], there: readonly Leaf[]): boolean {
  const [ours, theirs] = [here, there].map((leaves) =>
    leaves
      .map((leaf) => (leaf.kind === "plain" ? timesIn(leaf.text).around.replaceAll(/\d+/g, "#") : ""))
      .sort(),
  );
  return JSON.stringify(ours) === JSON.stringify(theirs);
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

function count(rows: number): string {
  return rows === 1 ? "one row" : `${rows} rows`;
}
