import type { Dialect } from "../../clients/database.ts";
import { bareStatement } from "./bare-statement.ts";
import { splitStatements } from "./split-statements.ts";

/** What a text leaves behind on its connection, by its words; undefined where they say nothing of it. */
export interface TransactionEffects {
  /** Whether a transaction is open afterwards. */
  readonly open: boolean | undefined;
  /** A transaction was committed on the way. */
  readonly commits: boolean;
  /** Whether statements commit themselves afterwards. */
  readonly autocommit: boolean | undefined;
  /** Whether tables are locked by LOCK TABLES afterwards (MySQL manual, "LOCK TABLES and UNLOCK TABLES Statements"). */
  readonly locksTables: boolean | undefined;
}

/** Most texts have none: what all others have in common. */
const mayHaveSome = /\b(?:begin|start|commit|end|rollback|abort|xa|autocommit|(?:un)?lock)\b/i;

const none: TransactionEffects = {
  open: undefined,
  commits: false,
  autocommit: undefined,
  locksTables: undefined,
};

/** The effects of one statement or of several. */
export function transactionEffects(sql: string, dialect: Dialect): TransactionEffects {
  if (!mayHaveSome.test(sql)) return none;
  let { open, commits, autocommit, locksTables } = none;
  for (const statement of splitStatements(sql, dialect)) {
    const text = bareStatement(statement, dialect);
    const left = leavesOpen(text);
    open = left ?? open;
    commits ||= left !== undefined && /^(?:commit|end|xa\s+commit)\b/i.test(text);
    autocommit = autocommitOf(statement, text) ?? autocommit;
    if (dialect === "mysql" && /^(?:un)?lock\s+tables?\b/i.test(text)) locksTables = /^lock/i.test(text);
  }
  return { open, commits, autocommit, locksTables };
}

function leavesOpen(text: string): boolean | undefined {
  if (/^(?:begin(?!\s+not\s+atomic\b)|start\s+transaction|xa\s+(?:start|begin))\b/i.test(text)) return true;
  if (/^(?:commit|rollback)\s+prepared\b/i.test(text)) return undefined;
  if (/^(?:commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b))\b/i.test(text))
    return /\band\s+chain\b/i.test(text);
  return /^xa\s+(?:commit|rollback)\b/i.test(text) ? false : undefined;
}

/** SET may name several variables, each in several ways (MySQL manual, "SET Syntax for Variable Assignment"). */
const autocommitSet =
  /(?:^\s*set\s|,)\s*(?:session\s+|local\s+|@@session\s*\.\s*|@@local\s*\.\s*|@@)?autocommit\s*:?=\s*['"]?(\w+)/i;

function autocommitOf(statement: string, text: string): boolean | undefined {
  if (!/^set\b/i.test(text)) return undefined;
  const [, value] = autocommitSet.exec(statement) ?? [];
  return value === undefined ? undefined : !/^(?:0|off|false)$/i.test(value);
}
