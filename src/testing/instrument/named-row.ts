import type { Row } from "../../clients/database.ts";

/**
 * A row by the names of its columns; drivers can be told to answer rows as lists.
 *
 * @param fields what the driver tells of the columns, each with a `name`
 */
export function namedRow(row: unknown, fields: unknown): Row {
  if (!Array.isArray(row)) return row as Row;
  const columns = (Array.isArray(fields) ? fields : []) as readonly (
    { readonly name?: unknown } | undefined
  )[];
  return Object.fromEntries(
    row.map((value: unknown, i) => {
      const name = columns[i]?.name;
      return [typeof name === "string" ? name : String(i), value];
    }),
  );
}
