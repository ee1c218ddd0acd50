/** A statement taken apart at its placeholders: `parts[i]` is followed by parameter `order[i]` (from 0). */
export interface SplitStatement {
  /** One more than {@link order}. */
  readonly parts: readonly string[];
  readonly order: readonly number[];
}

/**
 * Finds `$1`, `$2`, … in a statement written for MySQL or MariaDB. What looks like one inside a string
 * literal, a quoted identifier or a comment is left alone. Linear in the statement's length.
 *
 * Literals follow the MySQL manual, "String Literals" and "Comments": a quote is doubled or escaped with a
 * backslash, `-- ` needs white space after it, `#` begins a comment too. `/*! … *\/` is code, not a comment.
 */
export function splitPlaceholders(sql: string): SplitStatement {
  const parts: string[] = [];
  const order: number[] = [];
  let partStart = 0;
  let at = 0;
  while (at < sql.length) {
    const skipped = skipQuoted(sql, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const digits = placeholderDigits(sql, at);
    if (digits === undefined) {
      at += 1;
      continue;
    }
    parts.push(sql.slice(partStart, at));
    order.push(Number(digits) - 1);
    at += 1 + digits.length;
    partStart = at;
  }
  parts.push(sql.slice(partStart));
  return { parts, order };
}

/**
 * The statement with every placeholder replaced by a literal.
 *
 * @param literal writes one value as a safe SQL literal
 * @throws RangeError when the statement names a parameter that is not there.
 */
export function inlineLiterals<T>(sql: string, params: readonly T[], literal: (value: T) => string): string {
  const { parts, order } = splitPlaceholders(sql);
  return parts.reduce((text, part, i) => text + literal(parameter(params, order[i - 1] ?? 0)) + part);
}

function parameter<T>(params: readonly T[], position: number): T {
  if (position < 0 || position >= params.length)
    throw new RangeError(
      `The statement uses $${position + 1}, but ${params.length} parameter${params.length === 1 ? " was" : "s were"} given.`,
    );
  return params[position] as T;
}

/** The number behind a `$` that begins a placeholder; undefined elsewhere (`a$1` is an identifier). */
function placeholderDigits(sql: string, at: number): string | undefined {
  if (sql[at] !== "$" || /[\w$]/.test(sql[at - 1] ?? " ")) return undefined;
  return /^\d+/.exec(sql.slice(at + 1, at + 8))?.[0];
}

/** The position behind the literal, identifier or comment that begins here; `at` when none does. */
function skipQuoted(sql: string, at: number): number {
  const character = sql[at];
  if (character === "'" || character === '"' || character === "`") return endOfQuoted(sql, at, character);
  if (character === "#") return endOfLine(sql, at);
  if (character === "-" && sql[at + 1] === "-" && /^\s?$/.test(sql[at + 2] ?? "")) return endOfLine(sql, at);
  if (character === "/" && sql[at + 1] === "*" && sql[at + 2] !== "!") {
    const end = sql.indexOf("*/", at + 2);
    return end === -1 ? sql.length : end + 2;
  }
  return at;
}

function endOfQuoted(sql: string, start: number, quote: string): number {
  for (let at = start + 1; at < sql.length; at += 1) {
    if (sql[at] === "\\" && quote !== "`") at += 1;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return sql.length;
}

function endOfLine(sql: string, at: number): number {
  const end = sql.indexOf("\n", at);
  return end === -1 ? sql.length : end + 1;
}
