import { piecesOf, type Piece, type SqlDialect } from "./sql-pieces.ts";

/** Statements up to this length stand on one line. */
const width = 100;

/**
 * A statement as it can be pasted: without comments and the `;` behind it, on one line, or with the lines that
 * it had when it is long. Line breaks stay inside quotes and between two string literals, where they mean
 * something (PostgreSQL joins such literals). Hints (`/*+ … *\/`) stay.
 */
export function tidySql(sql: string, dialect: SqlDialect): string {
  const short = withoutComments(sql, dialect, " ");
  return short.length <= width ? short : withoutComments(sql, dialect, "\n  ");
}

function withoutComments(sql: string, dialect: SqlDialect, lineBreak: string): string {
  const kept: string[] = [];
  let gap = "";
  let last: Piece | undefined;
  for (const piece of piecesOf(sql, dialect)) {
    if (piece.kind === "blank" || (piece.kind === "comment" && !piece.text.startsWith("/*+"))) {
      gap += piece.kind === "blank" ? piece.text : " ";
      continue;
    }
    if (gap !== "" && last !== undefined) kept.push(between(last, piece, gap.includes("\n"), lineBreak));
    kept.push(piece.text);
    gap = "";
    last = piece;
  }
  return kept.join("").replace(/[\s;]+$/, "");
}

function between(last: Piece, next: Piece, broken: boolean, lineBreak: string): string {
  if (!broken) return " ";
  return last.kind === "string" && next.kind === "string" ? "\n" : lineBreak;
}

/** Whether a `;` stands inside a statement, where a client that reads lines would end it. */
export function hasInnerSemicolon(sql: string, dialect: SqlDialect): boolean {
  return piecesOf(sql, dialect).some(({ kind }) => kind === "semicolon");
}
