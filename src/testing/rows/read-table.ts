import type { Query } from "../race-stage.ts";
import { rowKey } from "./row-key.ts";
import type { RowTable } from "./row-table.ts";
import type { Image } from "./row-versions.ts";

/** More rows than this are not watched. */
export const mostRows = 1000;

/** All rows of a table by key; a sentence's end where they cannot be had. */
export async function readTable(
  query: Query,
  table: RowTable,
): Promise<ReadonlyMap<string, NonNullable<Image>> | string> {
  const answer = await query(`select * from ${table.sql} limit ${mostRows + 1}`).catch(() => undefined);
  if (answer === undefined) return "it cannot be read";
  const { rows } = answer;
  if (rows.length > mostRows) return `it has more than ${mostRows} rows`;
  const images = new Map<string, NonNullable<Image>>();
  for (const row of rows) {
    const key = rowKey(table.key.map((column) => row[column]));
    if (key === undefined) return "its keys are no plain numbers or texts";
    images.set(key, new Map([...table.columns.values()].map((column) => [column, row[column]])));
  }
  return images;
}

/** The same as it is at this moment, what is not committed included (MySQL manual, "READ UNCOMMITTED"). */
export async function readTableNow(query: Query, table: RowTable): ReturnType<typeof readTable> {
  await query("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
  return readTable(query, table);
}
