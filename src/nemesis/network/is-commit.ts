/** Whether a statement is a COMMIT. */
export function isCommit(sql: string): boolean {
  return /^\s*commit\b/i.test(sql);
}
