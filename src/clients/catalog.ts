/** One table in the run's namespace. */
export interface CatalogTable {
  readonly name: string;
  /** Tables that are tied to it: who writes one may touch the other. Foreign keys, parents, a common sequence. */
  readonly references: readonly string[];
}

/** What is in the run's namespace, as far as the text of a statement may not tell what it touches. */
export interface Catalog {
  readonly tables: readonly CatalogTable[];
  /** There are views, triggers, rules, policies or functions: a statement may touch more than it names. */
  readonly opaque: boolean;
}

/** Puts rows of (table, referenced table or null) together. */
export function catalogOf(rows: readonly Readonly<Record<string, unknown>>[], opaque: boolean): Catalog {
  const tables = new Map<string, string[]>();
  for (const { name, referenced } of rows) {
    const references = tables.get(String(name)) ?? [];
    tables.set(String(name), references);
    if (typeof referenced === "string") references.push(referenced);
  }
  return { tables: [...tables].map(([name, references]) => ({ name, references })), opaque };
}
