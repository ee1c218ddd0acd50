import { piecesOf, type Piece } from "./sql-pieces.ts";

/**
 * PostgreSQL's SQL without a `}`, which would end a block of an isolation spec wherever it stands. One in a
 * string, a quoted name or a dollar quote becomes an escape of the same meaning, one in a comment a `)`.
 * Elsewhere SQL has none.
 */
export function withoutClosingBrace(sql: string): string {
  if (!sql.includes("}")) return sql;
  const pieces = piecesOf(sql, "postgres");
  return pieces.map((piece, i) => spaced(rewritten(piece), piece, pieces[i - 1])).join("");
}

/** A literal that has got a prefix must not grow together with the word before it. */
function spaced(text: string, piece: Piece, before: Piece | undefined): string {
  return text !== piece.text && before?.kind === "word" ? ` ${text}` : text;
}

function rewritten({ kind, text }: Piece): string {
  if (!text.includes("}")) return text;
  switch (kind) {
    case "string":
      return stringText(text);
    case "name":
      return nameText(text);
    case "dollar": {
      const tag = /^\$[^$]*\$/.exec(text)?.[0] ?? "";
      return escapeString(text.slice(tag.length, text.length - tag.length));
    }
    case "comment":
      return text.replaceAll("}", ")");
    case "blank":
    case "placeholder":
    case "semicolon":
    case "word":
    case "other":
      return text;
  }
}

function stringText(text: string): string {
  // What is escaped stays as it is; `\}` is a plain `}` in such a string.
  if (/^e/i.test(text)) return text.replace(/\\[\s\S]|\}/g, (part) => (part.endsWith("}") ? "\\x7D" : part));
  if (/^u/i.test(text)) return text.replaceAll("}", "\\007D");
  const body = text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'");
  return escapeString(body);
}

function nameText(text: string): string {
  if (/^u/i.test(text)) return text.replaceAll("}", "\\007D");
  return `U&${text.replaceAll("\\", "\\\\").replaceAll("}", "\\007D")}`;
}

function escapeString(body: string): string {
  const escaped = body.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("}", "\\x7D");
  return `E'${escaped}'`;
}
