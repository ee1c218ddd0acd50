import type { Dialect } from "../../clients/database.ts";
import { piecesOf } from "../../report/reproduction/sql-pieces.ts";

/** The statements of a text, without the `;` between them; those in quotes and comments are left alone. */
export function splitStatements(sql: string, dialect: Dialect): readonly string[] {
  const statements: string[] = [];
  let statement = "";
  let isEmpty = true;
  const end = (): void => {
    if (!isEmpty) statements.push(statement.trim());
    statement = "";
    isEmpty = true;
  };
  for (const piece of piecesOf(sql, dialect)) {
    if (piece.kind === "semicolon") {
      end();
      continue;
    }
    statement += piece.text;
    if (piece.kind !== "blank" && piece.kind !== "comment") isEmpty = false;
  }
  end();
  return statements;
}
