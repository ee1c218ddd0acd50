import type { Catalogue, Table } from "./catalogue.ts";
import { fieldNames, fieldOf, type Sight, sameTree, textOf, type Unmatched, unmatched } from "./same-tree.ts";
import { sessionOf } from "./answered-keys.ts";
import type { Lens } from "./lens.ts";
import { linksLeft, linksOf } from "./links.ts";
import type { Ending, Snapshot } from "./snapshot.ts";
import { showTree, standsForItself } from "./show-tree.ts";
import { absent, endingPlace, type Fields, type Place, placeIn, type Tree } from "./tree.ts";

/** One thing in which an outcome differs from a serial one. */
export interface Difference {
  /** `accounts.balance of the row id=1`, `result.total of session 0`. The same thing has the same name in all orders. */
  readonly where: string;
  /** What it is in the outcome that is judged. */
  readonly here: string;
  /** What it is after the serial order. */
  readonly there: string;
}

/** What differences are told with. */
export interface Telling {
  readonly catalogue: Catalogue;
  readonly sight: Sight;
  /** What people call a session. */
  readonly nameOf: (session: number) => string;
}

/** Whether an outcome may be that of these sessions in a serial order; the sessions of the serial one count. */
export function sameOutcome(here: Snapshot, there: Snapshot, sight: Sight): boolean {
  for (const [session, ending] of there.endings) {
    const own = here.endings.get(session);
    if (own?.type !== ending.type) return false;
    if (!sameTree(own.tree, ending.tree, endingPlace(session, ending), sight)) return false;
  }
  for (const [table, rows] of there.tables) {
    const own = here.tables.get(table);
    if (own === undefined || sight.lens.ignores(table)) continue;
    if (own.length !== rows.length) return false;
    const left = unmatched(own, rows, table, sight);
    if (left.here.length > 0 || left.there.length > 0) return false;
  }
  return sameLinks(here, there, sight);
}

/** Whether the same generated keys and UUIDs are in the same places, whatever their values. */
function sameLinks(here: Snapshot, there: Snapshot, { lens }: Sight): boolean {
  if (!lens.comparesLinks) return true;
  const [ours, theirs] = bothLinks(here, there, lens);
  return ours.length === theirs.length && ours.every((link, i) => link === theirs[i]);
}

function bothLinks(
  here: Snapshot,
  there: Snapshot,
  lens: Lens,
): readonly [ours: readonly string[], theirs: readonly string[]] {
  // A number that is no key here may be anything.
  const inBoth = new Map(
    [...lens.answered.within(here, lens)].filter(([place]) => there.endings.has(sessionOf(place))),
  );
  return [linksOf(here, there, lens, inBoth), linksOf(there, there, lens, inBoth)];
}

/** In what two outcomes differ, in words; what sessions returned first. */
export function differences(here: Snapshot, there: Snapshot, telling: Telling): readonly Difference[] {
  const endings = [...there.endings].flatMap(([session, ending]) => {
    const own = here.endings.get(session);
    return own === undefined ? [] : endingDifferences(session, own, ending, telling);
  });
  const tables = telling.catalogue.tables.flatMap((table) => {
    const [ours, theirs] = [here.tables.get(table.name), there.tables.get(table.name)];
    return ours === undefined || theirs === undefined ? [] : tableDifferences(table, ours, theirs, telling);
  });
  const found = [...endings, ...tables];
  return found.length > 0 ? found : linkDifferences(here, there, telling);
}

function linkDifferences(
  here: Snapshot,
  there: Snapshot,
  { sight: { lens }, nameOf }: Telling,
): readonly Difference[] {
  const named = (link: string): string =>
    link.replaceAll(/ of session (\d+)/g, (_, session: string) => ` of ${nameOf(Number(session))}`);
  const [ours, theirs] = bothLinks(here, there, lens);
  const shown = (links: readonly string[]): string =>
    links.slice(0, 4).map(named).join("; ") || "nothing more";
  return [
    {
      where: "which generated keys and UUIDs are the same",
      here: shown(linksLeft(ours, theirs)),
      there: shown(linksLeft(theirs, ours)),
    },
  ];
}

function endingDifferences(
  session: number,
  here: Ending,
  there: Ending,
  { sight, nameOf }: Telling,
): readonly Difference[] {
  const place = endingPlace(session, here);
  if (here.type !== there.type)
    return [{ where: nameOf(session), here: showEnding(here), there: showEnding(there) }];
  const path = here.type === "returned" ? "result" : "error";
  return parts(here.tree, there.tree, place, sight).map((part) => ({
    where: `${path}${part.place.slice(place.length)} of ${nameOf(session)}`,
    here: showTree(part.here),
    there: showTree(part.there),
  }));
}

function showEnding({ type, tree }: Ending): string {
  if (type === "returned") return `returned ${showTree(tree)}`;
  if (tree.type !== "fields") return `threw ${showTree(tree)}`;
  const [name = "", message = "", code = ""] = ["name", "message", "code"].map((field) =>
    showTree(fieldOf(tree, field)).replace(/^'|'$/g, ""),
  );
  const coded = code === absent.shown ? "" : ` (${code})`;
  // `error` is what `pg` calls all errors of the server.
  return `threw ${name === "error" ? "" : `${name}: `}${message}${coded}`;
}

interface Part {
  readonly place: Place;
  readonly here: Tree;
  readonly there: Tree;
}

/** The smallest parts that differ. */
function parts(here: Tree, there: Tree, place: Place, sight: Sight): readonly Part[] {
  if (sameTree(here, there, place, sight)) return [];
  if (here.type !== "fields" || there.type !== "fields") return [{ place, here, there }];
  return fieldNames(here, there).flatMap((name) =>
    parts(fieldOf(here, name), fieldOf(there, name), placeIn(place, name), sight),
  );
}

function tableDifferences(
  table: Table,
  ours: readonly Fields[],
  theirs: readonly Fields[],
  telling: Telling,
): readonly Difference[] {
  const { sight } = telling;
  const left = unmatched(ours, theirs, table.name, sight);
  const [here, there] = [[...left.here], [...left.there]];
  const found: Difference[] = [];
  for (const row of left.here) {
    const other = counterpart(table, row, there, sight) ?? onlyOther(table, left, sight);
    if (other === undefined) continue;
    here.splice(here.indexOf(row), 1);
    there.splice(there.indexOf(other), 1);
    found.push(...cellDifferences(table, row, other, sight));
  }
  if (found.length === 0 && here.length === 0 && there.length === 0 && ours.length !== theirs.length)
    return [
      { where: `the number of rows of ${table.name}`, here: `${ours.length}`, there: `${theirs.length}` },
    ];
  const counted = new Set<string>();
  for (const row of [...here, ...there]) {
    const { text } = textOf(row, table.name, sight);
    if (counted.has(text)) continue;
    counted.add(text);
    const times = (rows: readonly Fields[]): string =>
      timesInWords(rows.filter((each) => textOf(each, table.name, sight).text === text).length);
    found.push({
      where: `the row ${label(table, row, undefined, sight) ?? "(nothing in it stands for itself)"} of ${table.name}`,
      here: times(ours),
      there: times(theirs),
    });
  }
  return found;
}

/** The row with the same primary key, or else, where no key tells rows apart, the one that differs in least. */
function counterpart(table: Table, row: Fields, others: readonly Fields[], sight: Sight): Fields | undefined {
  const key = keyLabel(table, row, sight);
  if (key !== undefined) return others.find((other) => keyLabel(table, other, sight) === key);
  const cells = fieldNames(row, row).filter((name) => !sight.lens.hides(placeIn(table.name, name)));
  let best: { readonly row: Fields; readonly differ: number } | undefined;
  for (const other of others) {
    if (keyLabel(table, other, sight) !== undefined) continue;
    const differing = cells.filter((name) => !sameCell(table, row, other, name, sight));
    const common = cells.filter((name) => !differing.includes(name) && tells(table, row, name, sight));
    if (common.length > 0 && differing.length < (best?.differ ?? Infinity))
      best = { row: other, differ: differing.length };
  }
  return best?.row;
}

/** The one row that is left there, where nothing tells either of the two from others. */
function onlyOther(table: Table, { here, there }: Unmatched<Fields>, sight: Sight): Fields | undefined {
  const isNameless = [...here, ...there].every((row) => label(table, row, undefined, sight) === undefined);
  return here.length === 1 && there.length === 1 && isNameless ? there[0] : undefined;
}

function cellDifferences(table: Table, row: Fields, other: Fields, sight: Sight): readonly Difference[] {
  const named = label(table, row, other, sight) ?? "that is closest";
  return fieldNames(row, other)
    .filter((name) => !sameCell(table, row, other, name, sight))
    .flatMap((name) => parts(fieldOf(row, name), fieldOf(other, name), placeIn(table.name, name), sight))
    .map((part) => ({
      where: `${part.place} of the row ${named}`,
      here: showTree(part.here),
      there: showTree(part.there),
    }));
}

function sameCell(table: Table, row: Fields, other: Fields, name: string, sight: Sight): boolean {
  return sameTree(fieldOf(row, name), fieldOf(other, name), placeIn(table.name, name), sight);
}

/** Whether a cell says something that is the same in every run. */
function tells(table: Table, row: Fields, name: string, { lens }: Sight): boolean {
  return !lens.hides(placeIn(table.name, name)) && standsForItself(fieldOf(row, name), lens);
}

/** The primary key of a row; undefined when it has none, or one that another run would not have. */
function keyLabel(table: Table, row: Fields, sight: Sight): string | undefined {
  const { primaryKey } = table;
  const known = primaryKey.every((name) => row.fields.has(name) && tells(table, row, name, sight));
  return primaryKey.length > 0 && known ? cellsInWords(row, primaryKey) : undefined;
}

/** What people know a row by: its key, or what it has in common with the other. */
function label(table: Table, row: Fields, other: Fields | undefined, sight: Sight): string | undefined {
  const key = keyLabel(table, row, sight);
  if (key !== undefined && other !== undefined) return key;
  const cells = fieldNames(row, row).filter(
    (name) =>
      tells(table, row, name, sight) && (other === undefined || sameCell(table, row, other, name, sight)),
  );
  return cells.length === 0 ? undefined : `(${cellsInWords(row, cells)})`;
}

function cellsInWords(row: Fields, names: readonly string[]): string {
  return names.map((name) => `${name}=${showTree(fieldOf(row, name))}`).join(", ");
}

function timesInWords(times: number): string {
  if (times === 0) return "not there";
  return times === 1 ? "there once" : times === 2 ? "there twice" : `there ${times} times`;
}
