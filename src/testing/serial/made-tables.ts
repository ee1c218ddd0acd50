import type { Catalogue } from "./catalogue.ts";

/**
 * What the set-up makes, with the tables that only the functions make. Generated keys of such a table are not compared:
 * their generators are not there to be moved on.
 *
 * @param setup what is there after the set-up @param left what is there after the functions
 */
export function withMade(setup: Catalogue, left: Catalogue): Catalogue {
  const known = new Set(setup.tables.map(({ name }) => name));
  const made = left.tables.filter(({ name }) => !known.has(name));
  if (made.length === 0) return setup;
  const names = made.map(({ name }) => name);
  const isKeyOfMade = (keyOf: string | undefined): boolean =>
    keyOf !== undefined && names.some((name) => keyOf.startsWith(`${name}.`));
  const tables = [
    ...setup.tables,
    ...made.map((table) => ({
      ...table,
      columns: table.columns.filter(({ keyOf }) => !isKeyOfMade(keyOf)),
      computed: [
        ...(table.computed ?? []),
        ...table.columns.filter(({ keyOf }) => isKeyOfMade(keyOf)).map(({ name }) => name),
      ],
      autoIncrement: undefined,
      made: true,
    })),
  ];
  return { ...setup, tables: tables.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}
