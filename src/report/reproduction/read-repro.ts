import { pieceAt, type SqlDialect } from "./sql-pieces.ts";

/** One statement of a reproduction, and the comments between it and the next. */
export interface ReproStep {
  /** As its label names it: `A`, `B`, …, or `control`. */
  readonly session: string;
  /** Without the `;`. */
  readonly sql: string;
  /** Comment lines without their `-- `. */
  readonly notes: readonly string[];
}

/**
 * The statements of a text that `reproSql` wrote, in their order.
 *
 * @throws RangeError when the text is no such one: it does not begin with the line that names the server, or a
 * statement stands before any label
 */
export function stepsOf(reproSql: string): readonly ReproStep[] {
  const dialect = dialectIn(reproSql);
  const steps: { session: string; sql: string; notes: string[] }[] = [];
  let session: string | undefined;
  let delimiter = ";";
  for (let at = 0; at < reproSql.length;) {
    const end = lineEnd(reproSql, at);
    const line = reproSql.slice(at, end);
    at = end + 1;
    const named = /^-- session (\w+)/.exec(line)?.[1];
    const newDelimiter = /^DELIMITER (\S+)$/.exec(line)?.[1];
    if (named !== undefined) session = named;
    else if (newDelimiter !== undefined) delimiter = newDelimiter;
    else if (line.startsWith("--")) steps.at(-1)?.notes.push(line.replace(/^-- ?/, ""));
    else if (line.trim() !== "") {
      if (session === undefined) throw new RangeError(`No session is named above the statement ${line}`);
      const start = end - line.length;
      const length = statementLength(reproSql.slice(start), delimiter, dialect);
      steps.push({ session, sql: reproSql.slice(start, start + length), notes: [] });
      at = start + length + delimiter.length;
    }
  }
  return steps;
}

/**
 * The statements of each session, in their order: what is to be pasted into its terminal.
 *
 * @throws RangeError as {@link stepsOf} does
 */
export function sessionsOf(reproSql: string): ReadonlyMap<string, readonly string[]> {
  const sessions = new Map<string, string[]>();
  for (const { session, sql } of stepsOf(reproSql)) {
    const statements = sessions.get(session) ?? [];
    sessions.set(session, statements);
    statements.push(sql);
  }
  return sessions;
}

function dialectIn(text: string): SqlDialect {
  const product = /^-- isolab repro\.sql for (PostgreSQL|MySQL|MariaDB)\b/.exec(text)?.[1];
  if (product === undefined)
    throw new RangeError("This is no repro.sql of isolab: its first line does not name a server.");
  return product === "PostgreSQL" ? "postgres" : "mysql";
}

/** Characters up to the delimiter, which does not count in quotes and comments. */
function statementLength(sql: string, delimiter: string, dialect: SqlDialect): number {
  let at = 0;
  while (at < sql.length && !sql.startsWith(delimiter, at)) at += pieceAt(sql, at, dialect).text.length;
  return at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}
