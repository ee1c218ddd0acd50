import type { Row } from "../clients/database.ts";
import type { Watcher } from "../clients/watcher.ts";
import type { IsolationLevel } from "../history/header.ts";
import type { Line } from "./instrument/call.ts";
import { isolationClause } from "./isolation-name.ts";

/** What is known of a connection of the application's during a race. */
export interface Lane {
  readonly line: Line;
  /** Between BEGIN and the end of the transaction, as far as statements tell. */
  open: boolean;
  /** A transaction is open whenever there is none: autocommit is off. */
  implicit: boolean;
  /** Something was sent in the open transaction. */
  begun: boolean;
  /** Something may have been written in it. */
  wrote: boolean;
  /** The application has sent something over it that was a step. */
  used: boolean;
  /** A BEGIN that nothing has followed yet, for whoever is told of statements. */
  announced: string | undefined;
}

/** The connections of one race: each is made ready once, and is given back as it was. */
export class Lanes {
  /** Some transaction has chosen a level by itself. */
  choosesLevel = false;
  readonly #watcher: Watcher;
  readonly #level: IsolationLevel | undefined;
  readonly #lanes = new Map<
    Line,
    { readonly lane: Lane; readonly ready: Promise<void>; restore: readonly string[] }
  >();

  /** @param level of every connection, for transactions that do not choose their own; the server's default when undefined */
  constructor(watcher: Watcher, level: IsolationLevel | undefined) {
    this.#watcher = watcher;
    this.#level = level;
  }

  /** The lane of a connection, made ready: timeouts that would end a wait are off, and the level is set. */
  async of(line: Line): Promise<Lane> {
    let known = this.#lanes.get(line);
    if (known === undefined) {
      const lane: Lane = {
        line,
        open: false,
        implicit: false,
        begun: false,
        wrote: false,
        used: false,
        announced: undefined,
      };
      const entry = { lane, ready: Promise.resolve(), restore: [] as readonly string[] };
      entry.ready = this.#prepare(line).then((restore) => {
        entry.restore = restore;
      });
      this.#lanes.set(line, entry);
      known = entry;
    }
    await known.ready;
    return known.lane;
  }

  /** The lane of a connection that has been used already. */
  known(line: Line): Lane | undefined {
    return this.#lanes.get(line)?.lane;
  }

  /** Rolls back what was left open. Answers how many transactions that were. */
  async rollBackOpen(): Promise<number> {
    let left = 0;
    for (const { lane } of this.#lanes.values()) {
      if (!lane.open) continue;
      if (lane.begun) left++;
      lane.open = lane.implicit;
      lane.begun = false;
      await lane.line.ask("ROLLBACK").catch(() => undefined);
    }
    return left;
  }

  /** Gives the connections back as they were. */
  async restore(): Promise<void> {
    for (const { lane, ready, restore } of this.#lanes.values()) {
      await ready.catch(() => undefined);
      for (const sql of restore) await lane.line.ask(sql).catch(() => undefined);
    }
    this.#lanes.clear();
  }

  /** Answers the statements that undo it. */
  async #prepare(line: Line): Promise<readonly string[]> {
    const dialect = line.dialect === "postgres" ? postgres : mysql;
    const restore = await dialect.restore(line);
    for (const sql of this.#watcher.prepare) await line.ask(sql);
    if (this.#level !== undefined) await line.ask(dialect.level(this.#level));
    return restore;
  }
}

interface DialectSettings {
  level(level: IsolationLevel): string;
  /** The statements that set everything back that is about to be set. */
  restore(line: Line): Promise<readonly string[]>;
}

const postgres: DialectSettings = {
  level: (level) => `set session characteristics as transaction isolation level ${isolationClause(level)}`,
  restore: async (line) => {
    const names = [
      "lock_timeout",
      "statement_timeout",
      "idle_in_transaction_session_timeout",
      "deadlock_timeout",
      "log_lock_waits",
      "default_transaction_isolation",
    ];
    const list = names.map((name) => `'${name}'`).join(", ");
    const rows = await line.ask(
      `select name, current_setting(name) as value from pg_catalog.pg_settings where name in (${list})`,
    );
    return rows.map(({ name, value }) => `set ${String(name)} = '${String(value).replaceAll("'", "''")}'`);
  },
};

const mysql: DialectSettings = {
  level: (level) => `SET SESSION TRANSACTION ISOLATION LEVEL ${isolationClause(level)}`,
  restore: async (line) => {
    const rows = await line.ask(
      "SHOW SESSION VARIABLES WHERE Variable_name IN ('innodb_lock_wait_timeout', 'lock_wait_timeout', 'max_statement_time', 'max_execution_time', 'transaction_isolation', 'tx_isolation')",
    );
    return rows.map(restored);
  },
};

function restored({ Variable_name: name, Value: value }: Row): string {
  return String(name).endsWith("_isolation")
    ? `SET SESSION TRANSACTION ISOLATION LEVEL ${String(value).replaceAll("-", " ")}`
    : `SET SESSION ${String(name)} = ${Number(value)}`;
}
