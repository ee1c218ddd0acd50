import type { Dialect } from "../clients/database.ts";
import { splitStatements } from "./split-statements.ts";

/**
 * What a statement does to its transaction, by its text.
 *
 * - `begin`: opens one, and touches nothing yet.
 * - `setting`: concerns the session alone: SET, savepoints, SHOW, questions that read no table.
 * - `commit`, `rollback`: its end.
 * - `work`: anything else.
 */
export type StatementRole = "begin" | "setting" | "commit" | "rollback" | "work";

/**
 * The role of a statement as an application, or a driver for it, writes it. A text of several statements is work unless
 * all of them are settings.
 */
export function statementRole(sql: string, dialect: Dialect): StatementRole {
  if (!/;\s*\S/.test(sql)) return roleOfOne(sql);
  const roles = splitStatements(sql, dialect).map(roleOfOne);
  const [first = "work"] = roles;
  return roles.every((role) => role === first) ? first : "work";
}

function roleOfOne(sql: string): StatementRole {
  const text = sql.replace(leading, "");
  if (/^(?:begin|start\s+transaction)\b/i.test(text))
    // With this a snapshot is taken at once (MySQL manual, START TRANSACTION).
    return /\bconsistent\s+snapshot\b/i.test(text) ? "work" : "begin";
  if (/^(?:commit|end)\b/i.test(text)) return "commit";
  if (/^(?:rollback(?!\s+(?:work\s+|transaction\s+)?to\b)|abort)\b/i.test(text)) return "rollback";
  return setting.test(text) || question.test(text) ? "setting" : "work";
}

/** Blanks and comments that begin a statement. */
const leading = /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?![!M])[\s\S]*?\*\/)+/;

const setting = /^(?:set|savepoint|release\s+savepoint|release|show|discard|deallocate|reset|use)\b/i;

/** What pools ask to see whether a connection is alive, and drivers to learn whom they talk to. */
const question = /^select\s+(?:1(?:\s*\+\s*1)?|version\(\)|@@[\w.]+)(?:\s+as\s+\w+)?\s*;?\s*$/i;

/** Whether the statement goes back to a savepoint. */
export function goesBackToSavepoint(sql: string): boolean {
  return /^\s*rollback\s+(?:work\s+|transaction\s+)?to\b/i.test(sql);
}
