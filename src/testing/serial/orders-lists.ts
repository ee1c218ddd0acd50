import type { SentStatements } from "./outcome.ts";

/**
 * Whether the order of every list that these statements' code has made is its own: no answer had more than one row, whose
 * order would be that of the query's plan, and no statement has put rows together as a list.
 */
export function ordersLists(sent: SentStatements): boolean {
  return sent.every(({ sql, result }) => {
    const rows = result !== undefined && "rows" in result ? result.rows.length : 0;
    return rows <= 1 && !gathersRows(sql);
  });
}

/** Whether a text may make a list of rows, in the order of the query's plan, or is several statements. */
export function gathersRows(sql: string): boolean {
  return gathers.test(sql);
}

const gathers =
  /agg\s*\(|\barray\s*\(|group_concat|_to_(?:json|xml)|\bunnest\b|_each|elements|\bmultiset\b|\bon\s+duplicate\b|;\s*\S|:=|\brecursive\b/i;
