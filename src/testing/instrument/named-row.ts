import type { Row } from "../../clients/database.ts";

/**
 * A row by the names of its columns, as it came: the application may change the one that it is given. Drivers can be
 * told to answer rows as lists.
 *
 * @param fields what the driver tells of the columns, each with a `name`
 */
export function namedRow(row: unknown, fields: unknown): Row {
  if (!Array.isArray(row)) return isFlat(row as Row) ? { ...(row as Row) } : copyOf(row as Row);
  const columns = (Array.isArray(fields) ? fields : []) as readonly (
    { readonly name?: unknown } | undefined
  )[];
  return Object.fromEntries(
    row.map((value: unknown, i) => {
      const name = columns[i]?.name;
      return [typeof name === "string" ? name : String(i), copyOf(value)];
    }),
  );
}

/** What cannot be copied is something of the application's own making, and stays what it is. */
function copyOf<T>(value: T): T {
  if (!isObject(value)) return value;
  try {
    return structuredClone(value);
  } catch {
    return { ...value };
  }
}

/** Nothing but numbers, text and the like, of which a shallow copy is a copy, at a fraction of the cost. */
function isFlat(row: Row): boolean {
  return !Object.values(row).some(isObject);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
