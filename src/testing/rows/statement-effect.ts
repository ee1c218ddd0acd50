import type { Dialect } from "../../clients/database.ts";
import { goesBackToSavepoint } from "../execution/statement-role.ts";
import { oneStatement, sqlTokens, type SqlToken } from "./sql-tokens.ts";
import type { RowTables } from "./row-table.ts";
import { writeStatement, type WriteStatement } from "./write-statement.ts";

/**
 * What a statement may do with rows, by its text.
 *
 * - `read`: it writes nothing.
 * - `write`: it writes nothing but one table; on MySQL whatever it does is seen.
 * - `back`: it goes back to a savepoint.
 * - `anything`: nothing is proven of what it writes, or of whose transaction it is in.
 */
export type StatementEffect =
  | { readonly type: "read"; readonly tokens: readonly SqlToken[] }
  | {
      readonly type: "write";
      readonly tokens: readonly SqlToken[];
      readonly write: WriteStatement | undefined;
    }
  | { readonly type: "back" }
  | { readonly type: "anything"; readonly why: string };

const reading = new Set(["select", "with", "values", "table"]);
const writing = new Set(["insert", "update", "delete", "merge", "replace"]);
const harmless = new Set(["lock", "notify", "listen", "unlisten"]);

export function statementEffect(sql: string, dialect: Dialect, { functions }: RowTables): StatementEffect {
  if (goesBackToSavepoint(sql)) return { type: "back" };
  const tokens = oneStatement(sqlTokens(sql, dialect));
  const [first] = tokens?.filter(({ raw }) => raw !== "(") ?? [];
  if (tokens === undefined || first === undefined || /\/\*M?!/.test(sql))
    return { type: "anything", why: "several statements were sent in one text" };
  const calls = tokens.find((token, i) => tokens[i + 1]?.raw === "(" && functions.has(token.text));
  if (calls !== undefined && dialect === "postgres")
    return { type: "anything", why: `the function ${calls.text} may write anything` };
  const alsoWrites = first.text === "with" && tokens.some(({ text }) => writing.has(text));
  if (reading.has(first.text) && !alsoWrites)
    return calls === undefined ? { type: "read", tokens } : { type: "write", tokens, write: undefined };
  const write = writeStatement(tokens);
  if (dialect === "mysql" && (alsoWrites || ["insert", "update", "delete", "replace"].includes(first.text)))
    return { type: "write", tokens, write };
  if (dialect === "postgres" && harmless.has(first.text)) return { type: "read", tokens };
  if (write === undefined)
    return { type: "anything", why: `what ${first.raw.toUpperCase()} … writes is not seen` };
  return { type: "write", tokens, write };
}

/** Whether the end of a transaction begins another, or leaves it to be ended elsewhere. */
export function endsOtherwise(sql: string): boolean {
  return /\b(?:chain|prepared|release)\b/i.test(sql) && !/\bno\s+(?:chain|release)\b/i.test(sql);
}

/** Names among the tokens of a statement, in lower case. */
export function namesIn(tokens: readonly SqlToken[]): ReadonlySet<string> {
  return new Set(
    tokens.flatMap(({ kind, text }) => (kind === "word" || kind === "name" ? [text.toLowerCase()] : [])),
  );
}
