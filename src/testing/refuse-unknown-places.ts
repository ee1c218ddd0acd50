import { similarNames } from "../checkers/explain/known-names.ts";
import { RaceMisuse } from "./race-misuse.ts";
import type { Catalogue, Table } from "./serial/catalogue.ts";

/**
 * What is to be ignored and names no table, no column and nothing that functions answer would do nothing. What is
 * within an answer or a document is not looked for: it may be there another time.
 *
 * @throws RaceMisuse
 */
export function refuseUnknownPlaces(ignore: readonly string[], { tables }: Catalogue): void {
  for (const place of ignore) {
    const path = place.replaceAll("[]", "");
    if (/^(?:result|error)(?:$|\.)/.test(path)) continue;
    const among = tables.filter(({ name }) => path === name || path.startsWith(`${name}.`));
    if (among.some((table) => path === table.name || hasColumn(table, path))) continue;
    throw new RaceMisuse(unknownPlace(place, tables));
  }
}

function hasColumn({ name, columns, computed = [] }: Table, path: string): boolean {
  const rest = path.slice(name.length + 1);
  return [...columns.map((column) => column.name), ...computed].some(
    (column) => rest === column || rest.startsWith(`${column}.`),
  );
}

function unknownPlace(place: string, tables: readonly Table[]): string {
  const names = tables.map(({ name }) => name);
  const cells = tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`));
  const near = similarNames(place, place.includes(".") ? cells : names);
  return (
    `There is no "${place}" to ignore${near.length === 0 ? "" : `; do you mean ${near.slice(0, 3).join(", ")}`}. ` +
    "It is `table`, `table.column`, or `result.path` in what a function answers."
  );
}
