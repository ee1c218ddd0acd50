/** The statement without its locks on what it reads: `FOR UPDATE`, `FOR SHARE`, `LOCK IN SHARE MODE`. */
export function withoutLocks(sql: string): string {
  return sql.replaceAll(locks, "").trimEnd();
}

const locks =
  /\s*\b(?:for\s+(?:no\s+key\s+update|key\s+share|update|share)(?:\s+of\s+[\w."`]+(?:\s*,\s*[\w."`]+)*)?|lock\s+in\s+share\s+mode)(?:\s+(?:nowait|skip\s+locked|wait\s+\d+))?/gi;

/** A plain read of rows that locks them: the statement with `FOR UPDATE`; the same statement where that has no sense. */
export function withLocks(sql: string): string {
  const text = sql.replace(/[\s;]+$/, "");
  const reads = /^\s*(?:\/\*[\s\S]*?\*\/\s*)*select\b/i.test(text) && /\bfrom\b/i.test(text);
  return reads && !cannotLock.test(text) ? `${text} FOR UPDATE` : sql;
}

/** Answers of these are not rows that are stored, or are locked already (PostgreSQL manual, SELECT, The Locking Clause). */
const cannotLock =
  /\b(?:group\s+by|having|distinct|union|intersect|except|window|over\s*\(|for\s+(?:no\s+key\s+update|key\s+share|update|share)|lock\s+in\s+share|count\s*\(|sum\s*\(|avg\s*\(|min\s*\(|max\s*\(|json_agg|array_agg|string_agg|bool_or|bool_and|group_concat|pg_catalog|information_schema)\b|\b(?:count|sum|avg|min|max)\s*\(/i;
