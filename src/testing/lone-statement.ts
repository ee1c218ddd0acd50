import type { Dialect } from "../clients/database.ts";
import { mayWrite } from "../runner/hides-writes.ts";
import { splitStatements } from "./split-statements.ts";

/**
 * Whether a statement that commits itself reads other rows than those that it writes, by its text: `INSERT … SELECT`,
 * a subselect, a join, a `WITH`, `MERGE`. Two of them can overlap, so that neither sees what the other has written. A
 * write by key does the same whether they overlap or not.
 */
export function readsAndWrites(sql: string): boolean {
  const text = sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ").replaceAll(/'(?:[^']|'')*'/g, "''");
  const [, verb = ""] = /^\s*(\w+)/.exec(text) ?? [];
  if (/;\s*\S/.test(text)) return false;
  if (/^merge$/i.test(verb)) return true;
  if (/^with$/i.test(verb)) return /\b(?:insert|update|delete|merge)\b/i.test(text);
  if (!/^(?:insert|update|delete|replace)$/i.test(verb)) return false;
  return /\b(?:select|from|join|using|table)\b/i.test(text.replace(/^\s*delete\s+from\b/i, ""));
}

/** Whether a statement that commits itself does several things in one go that cannot be told apart. */
export function isOpaque(sql: string, dialect: Dialect): boolean {
  const block = dialect === "postgres" ? /^\s*(?:do|call)\b/i : /^\s*call\b/i;
  if (block.test(sql)) return true;
  return /;\s*\S/.test(sql) && splitStatements(sql, dialect).length > 1 && mayWrite(sql);
}
