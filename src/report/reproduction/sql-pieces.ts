import type { DatabaseKind } from "../../history/header.ts";

/** The SQL that a server speaks, as far as quotes and comments go; MariaDB's is MySQL's. */
export type SqlDialect = "postgres" | "mysql";

export function dialectOf(kind: DatabaseKind): SqlDialect {
  return kind === "postgres" ? "postgres" : "mysql";
}

/**
 * What a stretch of SQL is: white space, a comment, a string literal with its prefix, a quoted name, a
 * dollar-quoted string, a placeholder (`$1`), a `;`, a word or number, or one character of anything else.
 */
export type PieceKind =
  "blank" | "comment" | "string" | "name" | "dollar" | "placeholder" | "semicolon" | "word" | "other";

export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
}

/**
 * A text of SQL taken apart; the pieces put together again are the text. What is not closed reaches to
 * the end. Linear.
 *
 * PostgreSQL as in its manual, "Lexical Structure", with `standard_conforming_strings` on: backslashes
 * escape in `E'…'` only, block comments nest. MySQL as in its manual, "String Literals" and "Comments":
 * backslashes escape, `"…"` is a string, `-- ` needs white space after it, `/*! … *\/` is code.
 */
export function piecesOf(sql: string, dialect: SqlDialect): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < sql.length;) {
    const piece = pieceAt(sql, at, dialect);
    pieces.push(piece);
    at += piece.text.length;
  }
  return pieces;
}

/** The piece that begins at a position, where no other one is under way. */
export function pieceAt(sql: string, at: number, dialect: SqlDialect): Piece {
  const long = dialect === "postgres" ? (blockComment(sql, at) ?? dollarQuoted(sql, at)) : undefined;
  if (long !== undefined) return long;
  for (const [kind, pattern] of patterns[dialect]) {
    pattern.lastIndex = at;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return { kind: "other", text: sql.charAt(at) };
}

/** In the order in which they are tried. All are sticky, and none matches the empty text. */
const patterns: Readonly<Record<SqlDialect, readonly (readonly [PieceKind, RegExp])[]>> = {
  postgres: [
    ["blank", /[ \t\n\r\f\v]+/y],
    ["comment", /--[^\n\r]*/y],
    ["string", /[eE]'(?:[^'\\]+|\\[\s\S]|'')*(?:'|\\?$)/y],
    ["string", /(?:[uU]&|[nNbBxX])?'(?:[^']+|'')*(?:'|$)/y],
    ["name", /(?:[uU]&)?"(?:[^"]+|"")*(?:"|$)/y],
    ["placeholder", /\$\d+/y],
    ["semicolon", /;/y],
    ["word", /[\w\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ],
  mysql: [
    ["blank", /\s+/y],
    ["comment", /#[^\n]*|--(?=\s|$)[^\n]*|\/\*(?!!)(?:[^*]+|\*(?!\/))*(?:\*\/|$)/y],
    ["string", /'(?:[^'\\]+|\\[\s\S]|'')*(?:'|\\?$)|"(?:[^"\\]+|\\[\s\S]|"")*(?:"|\\?$)/y],
    ["name", /`(?:[^`]+|``)*(?:`|$)/y],
    ["placeholder", /(?<![\w$])\$\d+/y],
    ["semicolon", /;/y],
    ["word", /\w[\w$]*/y],
  ],
};

function blockComment(sql: string, at: number): Piece | undefined {
  if (!sql.startsWith("/*", at)) return undefined;
  const edges = /\/\*|\*\//g;
  edges.lastIndex = at;
  let depth = 0;
  for (let edge = edges.exec(sql); edge !== null; edge = edges.exec(sql)) {
    depth += edge[0] === "/*" ? 1 : -1;
    if (depth === 0) return { kind: "comment", text: sql.slice(at, edges.lastIndex) };
  }
  return { kind: "comment", text: sql.slice(at) };
}

function dollarQuoted(sql: string, at: number): Piece | undefined {
  const opening = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
  opening.lastIndex = at;
  const tag = opening.exec(sql)?.[0];
  if (tag === undefined) return undefined;
  const end = sql.indexOf(tag, at + tag.length);
  return { kind: "dollar", text: end === -1 ? sql.slice(at) : sql.slice(at, end + tag.length) };
}
