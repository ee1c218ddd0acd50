import { piecesOf } from "../../report/reproduction/sql-pieces.ts";

/** A statement whose placeholders are `?`, as `execute` of `mysql2` takes it, with `$1`, `$2`, … in their place. */
export function numberedPlaceholders(sql: string): string {
  let count = 0;
  return piecesOf(sql, "mysql")
    .map(({ kind, text }) => (kind === "other" && text === "?" ? `$${++count}` : text))
    .join("");
}
