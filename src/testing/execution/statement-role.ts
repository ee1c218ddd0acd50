import type { Dialect } from "../../clients/database.ts";
import { bareStatement, hasExecutableComment } from "./bare-statement.ts";
import { splitStatements } from "./split-statements.ts";

/**
 * What a statement does to its transaction, by its text.
 *
 * - `begin`: opens one, and touches nothing yet.
 * - `setting`: concerns the session alone: SET of values that are there, savepoints, SHOW.
 * - `question`: reads no table.
 * - `commit`, `rollback`: its end.
 * - `work`: anything else.
 */
export type StatementRole = "begin" | "setting" | "question" | "commit" | "rollback" | "work";

/**
 * The role of a statement as an application, or a driver for it, writes it. A text of several statements is work unless
 * all of them are settings.
 */
export function statementRole(sql: string, dialect: Dialect): StatementRole {
  if (!/;\s*\S/.test(sql)) return roleOfOne(sql, dialect);
  const roles = splitStatements(sql, dialect).map((statement) => roleOfOne(statement, dialect));
  const [first = "work"] = roles;
  return roles.every((role) => role === first) ? first : "work";
}

function roleOfOne(sql: string, dialect: Dialect): StatementRole {
  const text = bareStatement(sql, dialect);
  if (/^(?:begin(?!\s+not\s+atomic\b)|start\s+transaction)\b/i.test(text))
    // With this a snapshot is taken at once (MySQL manual, START TRANSACTION).
    return /\bconsistent\s+snapshot\b/i.test(text) ? "work" : "begin";
  // What was prepared for a commit in two phases is no transaction of this session.
  if (/^(?:commit|rollback)\s+prepared\b/i.test(text)) return "work";
  if (/^(?:commit|end)\b/i.test(text)) return "commit";
  if (/^(?:rollback(?!\s+(?:work\s+|transaction\s+)?to\b)|abort)\b/i.test(text)) return "rollback";
  if (question.test(text)) return "question";
  return setting.test(text) && !reachesFurther(text) ? "setting" : "work";
}

const setting = /^(?:set|savepoint|release\s+savepoint|release|show|discard|deallocate|reset|use)\b/i;

/** What pools ask to see whether a connection is alive, and drivers to learn whom they talk to. */
const question = /^select\s+(?:1(?:\s*\+\s*1)?|version\(\)|@@[\w.]+)(?:\s+as\s+\w+)?\s*;?\s*$/i;

/**
 * Whether something that begins like a setting does more than that: it asks a subquery or calls a function, which may
 * read, write and wait for locks; it is a statement with settings of its own (MariaDB manual, SET STATEMENT); it sets
 * what other sessions see; it checks what was put off (PostgreSQL manual, SET CONSTRAINTS).
 */
function reachesFurther(text: string): boolean {
  if (hasExecutableComment(text) || /\b(?:select|with|values|table)\b/i.test(text.replace(showTable, "")))
    return true;
  if (/^set\s+(?:statement|password|constraints\b.*\bimmediate)\b/i.test(text)) return true;
  if (/^set\b.*(?:\bglobal\s|@@global\b|\bpersist(?:_only)?\s|@@persist)/i.test(text)) return true;
  return /^set\b/i.test(text) && calls(text).some((name) => !harmless.has(name.toLowerCase()));
}

const showTable = /^show\b[^('"]*?\btable\b/i;

/** Words, and quoted names, that stand before a parenthesis. */
function calls(text: string): readonly string[] {
  return [...text.matchAll(/([\w$]+|"")\s*\(/g)].map(([, name = ""]) => name);
}

/** Functions that look at nothing but their arguments: clients put `sql_mode` together with them. */
const harmless: ReadonlySet<string> = new Set(
  (
    "and or not in if ifnull nullif coalesce concat concat_ws replace trim upper lower cast convert " +
    "abs least greatest floor ceil ceiling round now unix_timestamp version to"
  ).split(" "),
);

/** Whether the statement goes back to a savepoint. */
export function goesBackToSavepoint(sql: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*rollback\s+(?:work\s+|transaction\s+)?to\b/i.test(
    sql,
  );
}
