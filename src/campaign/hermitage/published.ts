import type { DatabaseKind, IsolationLevel } from "../../history/header.ts";
import { type PhenomenonName, phenomenonNames } from "./phenomena.ts";

/** Whether a level prevents a phenomenon: `read-only` says, for transactions that only read. */
export type Prevention = "prevented" | "read-only" | "occurs";

type Row = Readonly<Record<PhenomenonName, Prevention>>;

/**
 * What Hermitage (Kleppmann, 2014) publishes of PostgreSQL and of MySQL's InnoDB, which MariaDB has, too. In
 * PostgreSQL READ UNCOMMITTED is READ COMMITTED.
 */
export function published(kind: DatabaseKind, isolation: IsolationLevel): Row {
  return (kind === "postgres" ? postgres : innodb)[isolation];
}

/** A row from the phenomena that occur and those that are prevented for readers only; the others are prevented. */
function row(occurs: readonly PhenomenonName[], readOnly: readonly PhenomenonName[] = []): Row {
  const of = (name: PhenomenonName): Prevention =>
    occurs.includes(name) ? "occurs" : readOnly.includes(name) ? "read-only" : "prevented";
  return Object.fromEntries(phenomenonNames.map((name) => [name, of(name)])) as Record<
    PhenomenonName,
    Prevention
  >;
}

const readCommitted = row(["PMP", "P4", "G-single", "G2-item", "G2"]);

const postgres: Readonly<Record<IsolationLevel, Row>> = {
  "read-uncommitted": readCommitted,
  "read-committed": readCommitted,
  "repeatable-read": row(["G2-item", "G2"]),
  serializable: row([]),
};

const innodb: Readonly<Record<IsolationLevel, Row>> = {
  "read-uncommitted": row(phenomenonNames.filter((name) => name !== "G0")),
  "read-committed": readCommitted,
  "repeatable-read": row(["P4", "G2-item", "G2"], ["PMP", "G-single"]),
  serializable: row([]),
};
