import type { KnownRows } from "./known-rows.ts";
import { lookedUp } from "./looked-up.ts";
import { updateLookup } from "./read-statement.ts";
import { objectName } from "./row-table.ts";
import type { AnsweredStatement } from "./watched-statement.ts";

/**
 * Records an UPDATE by key that found its row and left it as it was (MySQL): it holds the row's lock, as every
 * writer does.
 */
export function recordUnchanged(
  { statement, raw }: AnsweredStatement,
  { tables, log }: KnownRows,
  step: number,
): void {
  const { effect, params, transaction, assigned, objects, wrote } = statement;
  if (effect.type !== "write" || !hasMatchedOne(raw)) return;
  const found = lookedUp(updateLookup(effect.tokens, params), tables);
  if (found === undefined || objects.has(objectName(found.table, found.key))) return;
  const { table, key } = found;
  const { image } = log.current(table, key) ?? {};
  if (image === undefined) return;
  log.write(table, key, image, transaction, step, assigned);
  wrote.add(table.id);
}

/** Whether the server says that an UPDATE found one row, changed or not. */
function hasMatchedOne(raw: unknown): boolean {
  const { rows } = (raw ?? {}) as { readonly rows?: unknown };
  const { info } = (rows ?? {}) as { readonly info?: unknown };
  return typeof info === "string" && /^\W*Rows matched: 1\b/.test(info);
}
