import type { Row } from "../../clients/database.ts";
import type { Watcher } from "../../clients/watcher.ts";
import type { IsolationLevel } from "../../history/header.ts";
import type { Line } from "../instrument/call.ts";
import { isolationClause, levelNamedIn } from "../isolation-name.ts";
import { limitIn, setsLimit } from "./wait-limits.ts";

/** What is known of a connection of the application's during a race. */
export interface Lane {
  readonly line: Line;
  /** Between BEGIN and the end of the transaction, as far as statements tell. */
  open: boolean;
  /** Statements over it that wait for their turn or have it, whosever they are. */
  pending: number;
  /**
   * Set while the open transaction is that of one statement, which would have committed by itself: we have opened it.
   * `over` settles when it has ended.
   */
  alone: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  /** A transaction is open whenever there is none: autocommit is off. */
  implicit: boolean;
  /** Tables are locked by LOCK TABLES, which a BEGIN would unlock. */
  locksTables: boolean;
  /** Something was sent in the open transaction. */
  begun: boolean;
  /** Something may have been written in it. */
  wrote: boolean;
  /** A statement has failed in it, and the server holds nothing of it any more (PostgreSQL). */
  failed: boolean;
  /** Number of the session whose code has used it last. */
  user: number | undefined;
  /** The application has sent something over it that was a step. */
  used: boolean;
  /** A BEGIN that nothing has followed yet, for whoever is told of statements. */
  announced: string | undefined;
  /** A statement over it that may have set what ends a wait. */
  limit: string | undefined;
}

/** How a connection stands, whichever lanes use it. */
interface Standing {
  readonly users: Set<Lanes>;
  /** Sets it back to what it was before anybody made it ready. */
  readonly restore: readonly string[];
  /** Where it looked for tables then. */
  readonly path: readonly string[];
}

/** Of the connections that are in use. Executions at different levels take turns on them. */
const standings = new WeakMap<Line, Promise<Standing>>();

/** For whom a connection is ready at the moment, if it is not being made ready for somebody. */
const readyFor = new WeakMap<Line, Lanes>();

/** The connections of one race: each is made ready, and is given back as it was. */
export class Lanes {
  /** Levels that the code has chosen by itself; undefined stands for one that its statement does not tell. */
  readonly chosen = new Set<IsolationLevel | undefined>();
  /** Levels that the application's connections had when they were first used. */
  readonly found = new Set<IsolationLevel>();
  /** Schemas (databases in MySQL) in which the application's connections look for tables, the first one first. */
  readonly path = new Set<string>();
  /** What the code has sent to look elsewhere. */
  readonly moves = new Set<string>();
  /** Schemas in which connections have looked for tables since. */
  readonly visited = new Set<string>();
  readonly #watcher: Watcher;
  readonly #level: IsolationLevel | undefined;
  readonly #lanes = new Map<Line, Lane>();

  /** @param level of every connection, for transactions that do not choose their own; the server's default when undefined */
  constructor(watcher: Watcher, level: IsolationLevel | undefined) {
    this.#watcher = watcher;
    this.#level = level;
  }

  /** The lane of a connection, made ready: timeouts that would end a wait are off, and the level is set. */
  async of(line: Line): Promise<Lane> {
    let lane = this.#lanes.get(line);
    if (lane === undefined) {
      lane = {
        line,
        open: false,
        pending: 0,
        alone: undefined,
        implicit: false,
        locksTables: false,
        begun: false,
        wrote: false,
        failed: false,
        user: undefined,
        used: false,
        announced: undefined,
        limit: undefined,
      };
      this.#lanes.set(line, lane);
    }
    const standing = this.#makeReady(line, standings.get(line));
    standings.set(line, standing);
    await standing;
    return lane;
  }

  /** Takes note of where a connection looks for tables by now (PostgreSQL). SHOW takes no snapshot. */
  async lookAgain(line: Line): Promise<void> {
    for (const { search_path: path } of await line.ask("SHOW search_path"))
      for (const [, quoted, plain] of String(path).matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g))
        this.visited.add(quoted?.replaceAll('""', '"') ?? plain ?? "");
  }

  /** The lane of a connection that has been used already. */
  known(line: Line): Lane | undefined {
    return this.#lanes.get(line);
  }

  /** The lane of a connection that is ready at the moment: there is nothing to wait for. */
  ready(line: Line): Lane | undefined {
    return readyFor.get(line) === this ? this.#lanes.get(line) : undefined;
  }

  /** How many transactions are open, or hold table locks, that were last used by such a session. */
  openOf(isSuch: (session: number) => boolean): number {
    return [...this.#lanes.values()].filter(
      ({ open, begun, failed, alone, locksTables, user }) =>
        (locksTables || (open && begun && !failed && alone === undefined)) &&
        user !== undefined &&
        isSuch(user),
    ).length;
  }

  /**
   * What would end a wait of a session's if it were not switched off; see `limitIn`.
   *
   * @param serverId of the connection over which it waits for a lock; undefined where it waits for a connection
   */
  async limitOf(session: number, serverId: number | undefined): Promise<string | undefined> {
    for (const { line, user, open, limit } of this.#lanes.values()) {
      if (user !== session || (serverId === undefined ? !open : line.serverId !== serverId)) continue;
      const waitsFor = serverId === undefined ? "connection" : "lock";
      const restore = (await standings.get(line)?.catch(() => undefined))?.restore ?? [];
      const found = limit !== undefined && setsLimit(limit, waitsFor) ? limit : limitIn(restore, waitsFor);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Rolls back what was left open. */
  async rollBackOpen(): Promise<void> {
    for (const lane of this.#lanes.values()) {
      if (lane.locksTables) await lane.line.ask("UNLOCK TABLES").catch(() => undefined);
      lane.locksTables = false;
      if (!lane.open) continue;
      endTransaction(lane);
      // Not every transaction can be ended so (MySQL manual, "XA Transaction States"), but every connection.
      await lane.line.ask("ROLLBACK").catch(() => {
        lane.line.destroy();
      });
    }
  }

  /** Gives the connections back as they were, if nobody else uses them still. */
  async restore(): Promise<void> {
    for (const line of this.#lanes.keys()) {
      const standing = await standings.get(line)?.catch(() => undefined);
      if (standing === undefined) continue;
      standing.users.delete(this);
      if (standing.users.size > 0) continue;
      standings.delete(line);
      readyFor.delete(line);
      for (const sql of standing.restore) await line.ask(sql).catch(() => undefined);
    }
    this.#lanes.clear();
  }

  async #makeReady(line: Line, before: Promise<Standing> | undefined): Promise<Standing> {
    const dialect = line.dialect === "postgres" ? postgres : mysql;
    const known = await before;
    if (known !== undefined && readyFor.get(line) === this) return known;
    readyFor.delete(line);
    const restore = known?.restore ?? (await dialect.restore(line));
    const path = known?.path ?? (await line.ask(dialect.path)).map(({ place }) => String(place));
    for (const schema of path) this.path.add(schema);
    for (const level of restore.map(levelNamedIn)) if (level !== undefined) this.found.add(level);
    // What a user may not set has not been set before either.
    if (known !== undefined) for (const sql of restore) await line.ask(sql).catch(() => undefined);
    for (const sql of this.#watcher.prepare) await line.ask(sql);
    if (this.#level !== undefined) await line.ask(dialect.level(this.#level));
    const standing = known ?? { users: new Set(), restore, path };
    readyFor.set(line, this);
    standing.users.add(this);
    return standing;
  }
}

/** Takes note that a transaction is opened for a statement that would have committed by itself. */
export function openFor(lane: Lane): void {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  lane.open = true;
  lane.begun = lane.wrote = lane.failed = false;
  lane.alone = { over, end };
}

/** Takes note that a transaction was open already, in which the statement then is. */
export function wasOpen(lane: Lane): void {
  lane.alone?.end();
  lane.alone = undefined;
  lane.open = lane.begun = true;
}

/**
 * Whether the server has a transaction open on a connection, or opens one with the next statement.
 *
 * PostgreSQL: a statement that is alone in its transaction has begun when that did. MySQL 8 cannot be asked by everybody.
 */
export async function isOpenOnServer(line: Line): Promise<boolean> {
  const question =
    line.dialect === "postgres"
      ? "select transaction_timestamp() <> statement_timestamp() as open"
      : "SELECT @@in_transaction = 1 OR @@autocommit = 0 AS open";
  const [row] = await line.ask(question).catch(() => []);
  return row?.open === true || Number(row?.open) === 1;
}

/** Takes note that a connection's transaction has come to its end. */
export function endTransaction(lane: Lane): void {
  lane.open = lane.implicit;
  lane.alone?.end();
  lane.alone = undefined;
  lane.begun = false;
  lane.wrote = false;
  lane.failed = false;
}

interface DialectSettings {
  /** Asks where a connection looks for tables: a `place` in each row. */
  readonly path: string;
  level(level: IsolationLevel): string;
  /** The statements that set everything back that is about to be set. */
  restore(line: Line): Promise<readonly string[]>;
}

const postgres: DialectSettings = {
  path: "select unnest(current_schemas(false))::text as place",
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
  path: "SELECT DATABASE() AS place FROM DUAL WHERE DATABASE() IS NOT NULL",
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
