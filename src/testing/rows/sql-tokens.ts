import type { Dialect } from "../../clients/database.ts";
import { piecesOf } from "../../report/reproduction/sql-pieces.ts";

/** A word, a name, a literal or a sign of a statement; blanks and comments are none. */
export interface SqlToken {
  readonly kind: "word" | "name" | "string" | "placeholder" | "sign";
  /** As it stands. */
  readonly raw: string;
  /** A name without its quotes; a word in lower case; else as it stands. */
  readonly text: string;
  /** How many parentheses are open around it. */
  readonly depth: number;
  /** Where it begins and ends in the statement. */
  readonly from: number;
  readonly to: number;
}

/** The tokens of a text of SQL. Linear. */
export function sqlTokens(sql: string, dialect: Dialect): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  let depth = 0;
  let from = 0;
  for (const { kind, text: raw } of piecesOf(sql, dialect)) {
    const to = from + raw.length;
    if (kind !== "blank" && kind !== "comment") {
      if (raw === ")") depth--;
      tokens.push({ kind: kindOf(kind, raw), raw, text: textOf(kind, raw), depth, from, to });
      if (raw === "(") depth++;
    }
    from = to;
  }
  return tokens;
}

function kindOf(kind: string, raw: string): SqlToken["kind"] {
  if (kind === "word" || kind === "name" || kind === "placeholder") return kind;
  if (kind === "string" || kind === "dollar") return "string";
  return raw === "?" ? "placeholder" : "sign";
}

function textOf(kind: string, raw: string): string {
  if (kind === "word") return raw.toLowerCase();
  if (kind !== "name") return raw;
  const quote = raw.slice(-1);
  return raw.slice(raw.indexOf(quote) + 1, -1).replaceAll(quote + quote, quote);
}

/** The one statement of a text, or undefined where there are several, or none. */
export function oneStatement(tokens: readonly SqlToken[]): readonly SqlToken[] | undefined {
  const end = tokens.findIndex(({ raw }) => raw === ";");
  if (end === -1) return tokens.length > 0 ? tokens : undefined;
  return end > 0 && tokens.slice(end).every(({ raw }) => raw === ";") ? tokens.slice(0, end) : undefined;
}
