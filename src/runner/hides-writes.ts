const plainWrite = /^\s*(?:insert|update|delete|merge|replace)\b[^;]*;?\s*$/i;
const locking = /\bfor\s+(?:no\s+key\s+)?update\b/gi;
const writing = /\b(?:insert|update|delete|merge|call|do|execute|copy|create|alter|drop|truncate)\b/i;
/** MariaDB's SET STATEMENT … FOR, before the statement itself. */
const settings = /^\s*set\s+statement\b[\s\S]*?\bfor\b/i;

/**
 * Whether a statement may have written although the number of rows that its answer tells is not that of rows it
 * wrote: a `WITH` whose parts write, several statements in one string, a procedure, what was prepared before. It
 * goes by the text, so that it may be wrong where a literal looks like it, and knows nothing of functions that write
 * and of triggers.
 */
export function hidesWrites(sql: string): boolean {
  return !plainWrite.test(sql) && writing.test(sql.replace(settings, "").replace(locking, ""));
}

/** Whether a statement that commits itself may have changed something; likewise by its text. */
export function mayWrite(sql: string): boolean {
  return plainWrite.test(sql) || hidesWrites(sql);
}
