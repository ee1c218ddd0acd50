import type { Dialect } from "../../clients/database.ts";
import { piecesOf, type Piece } from "../../report/reproduction/sql-pieces.ts";

/**
 * A statement as far as its words tell something: comments and blanks are one blank, what is in a string or a quoted
 * name is left out, the quotes stay. MySQL's comments that are executed stay as they are.
 */
export function bareStatement(sql: string, dialect: Dialect): string {
  return piecesOf(sql, dialect).map(bare).join("").trim();
}

function bare({ kind, text }: Piece): string {
  switch (kind) {
    case "blank":
      return " ";
    case "comment":
      // MariaDB's own, which the pieces take for a plain one.
      return text.startsWith("/*M!") ? text : " ";
    case "string":
      return "''";
    case "dollar":
      return "$$$$";
    case "name":
      return `""`;
    case "placeholder":
    case "semicolon":
    case "word":
    case "other":
      return text;
  }
}

/** Whether a server may execute what another one takes for a comment. */
export function hasExecutableComment(bare: string): boolean {
  return /\/\*M?!/.test(bare);
}
