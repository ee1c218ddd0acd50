import type { DatabaseDescription, DatabaseKind, IsolationLevel } from "../../history/header.ts";
import { sqlLiteral } from "./sql-literal.ts";

/** The schema (PostgreSQL) or database (MySQL, MariaDB) that a reproduction makes, and drops at its end. */
export const namespace = "isolab_repro";

/** How a server is called in a sentence. */
export const products: Readonly<Record<DatabaseKind, string>> = {
  postgres: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
};

/** A level as SQL spells it. */
export function levelText(isolation: IsolationLevel): string {
  return isolation.replace("-", " ").toUpperCase();
}

/** Statements that make the namespace, and the one that drops it. */
export function namespaceStatements(kind: DatabaseKind): { readonly create: string; readonly drop: string } {
  return kind === "postgres"
    ? { create: `CREATE SCHEMA ${namespace}`, drop: `DROP SCHEMA ${namespace} CASCADE` }
    : { create: `CREATE DATABASE ${namespace}`, drop: `DROP DATABASE ${namespace}` };
}

/** What a session sets once, right after it has connected: where names are looked up, variables, the level. */
export function sessionStart(
  { kind, settings }: DatabaseDescription,
  isolation: IsolationLevel,
): readonly string[] {
  const level = `TRANSACTION ISOLATION LEVEL ${levelText(isolation)}`;
  const variables = Object.entries(settings).filter(([name]) => isOfTheSession(kind, name));
  return kind === "postgres"
    ? [
        `SET search_path TO ${namespace}`,
        ...variables.map(([name, value]) => `SET ${name} TO ${sqlLiteral(value, kind)}`),
        `SET SESSION CHARACTERISTICS AS ${level}`,
      ]
    : [
        `USE ${namespace}`,
        ...variables.map(([name, value]) => `SET SESSION ${name} = ${variableValue(value, kind)}`),
        `SET SESSION ${level}`,
      ];
}

/** BEGIN as the dialect spells it. MySQL takes the level from the session. */
export function beginStatement(sql: string, kind: DatabaseKind, isolation: IsolationLevel): string {
  if (kind !== "postgres" || /isolation\s+level/i.test(sql)) return sql;
  return `${sql} ISOLATION LEVEL ${levelText(isolation)}`;
}

/** Numeric variables refuse a quoted number. */
function variableValue(value: string, kind: DatabaseKind): string {
  return /^-?\d+(?:\.\d+)?$/.test(value) ? value : sqlLiteral(value, kind);
}

/**
 * Variables that a run always notes down, but which are the server's own, the level itself, or beside the
 * point. What is left was set for the run, or decides what the level promises.
 */
function isOfTheSession(kind: DatabaseKind, name: string): boolean {
  return !noted[kind === "postgres" ? "postgres" : "mysql"].includes(name);
}

const noted = {
  postgres: [
    "default_transaction_isolation",
    "transaction_isolation",
    "deadlock_timeout",
    "lock_timeout",
    "statement_timeout",
    "synchronous_commit",
    "fsync",
  ],
  mysql: [
    "transaction_isolation",
    "tx_isolation",
    "innodb_lock_wait_timeout",
    "innodb_flush_log_at_trx_commit",
    "innodb_rollback_on_timeout",
    "innodb_deadlock_detect",
    "autocommit",
    "sql_mode",
  ],
};
