import type { Row } from "../../clients/database.ts";
import type { Answer, Call, Holder, Line } from "./call.ts";
import { currentHolder, tellOfStray } from "./holder-context.ts";
import { namedRow } from "./named-row.ts";
import { boundCallback, patchMethod } from "./patch.ts";

/** A connection of `mysql2`, as far as it is used here. */
interface MysqlConnection {
  readonly threadId?: number | null;
  addCommand?(command: Command): unknown;
  destroy(): void;
}

type MysqlCallback = (error: Error | null | undefined, rows?: unknown, fields?: unknown) => void;

/** A command of `mysql2`: what it sends, and whom it tells. */
interface Command {
  sql?: unknown;
  /** Of a Prepare. */
  query?: unknown;
  /** Of a Prepare: what the connection knows a prepared statement by. */
  options?: { readonly sql?: unknown };
  values?: unknown;
  parameters?: unknown;
  namedPlaceholders?: unknown;
  /** Of an Execute. */
  statement?: { readonly query?: unknown } | undefined;
  onResult?: MysqlCallback | undefined;
  readonly _queryOptions?: object;
  readonly _executeOptions?: object;
  readonly constructor: CommandClass;
  emit(event: string, ...args: readonly unknown[]): boolean;
  once(event: string, listener: () => void): unknown;
}

type CommandClass = (new (options: object, callback: MysqlCallback) => Command) & { readonly name: string };

type Add = (connection: MysqlConnection, command: Command) => unknown;

/**
 * Lets each statement of a session's code wait for its turn, where all commands of a connection come by
 * (`addCommand`): the callback and promise forms of `query` and `execute` alike. Everybody else's go through at once.
 *
 * @returns what undoes it
 */
export function instrumentMysqlConnection(prototype: object): () => void {
  return patchMethod(prototype, "addCommand", (original) => {
    const add: Add = (connection, command) =>
      // A connection that is closed has a method of its own, which refuses everything.
      Object.hasOwn(connection, "addCommand")
        ? connection.addCommand?.(command)
        : original.call(connection, command);
    return function addCommand(this: unknown, ...args: unknown[]): unknown {
      const command = args[0] as Command;
      const holder = currentHolder(command.sql);
      if (holder === undefined) {
        if (lines.has(this as MysqlConnection)) tellOfStray(command.sql);
        if (command.onResult !== undefined) command.onResult = boundCallback(command.onResult);
        return original.apply(this, args);
      }
      const connection = this as MysqlConnection;
      const kind = command.constructor.name;
      if (kind === "Prepare") {
        rewrite(command, holder);
        preparing.set(connection, new Promise((resolve) => command.once("end", resolve)));
      }
      if (kind !== "Query" && kind !== "Execute") return original.apply(this, args);
      const { onResult } = command;
      const tell = boundCallback((error: Error | null, answer?: Told) => {
        if (onResult === undefined) streamOut(command, error, answer);
        else onResult.call(command, error, answer?.rows, answer?.fields);
        command.emit("end");
      });
      const take = (): void => {
        holder.take(callOf(connection, add, command)).then(
          ({ raw }) => {
            tell(null, raw as Told);
          },
          (error: unknown) => {
            tell(error as Error);
          },
        );
      };
      const prepared = kind === "Execute" ? preparing.get(connection) : undefined;
      if (prepared === undefined) take();
      else
        void prepared.then(() => {
          // Whose statement could not be prepared has been told so by the driver, which marks it like this.
          if (!Object.hasOwn(command, "start")) take();
        });
      return command;
    };
  });
}

/** Another text is prepared, and known by itself: the connection keeps prepared statements by their text. */
function rewrite(prepare: Command, holder: Holder): void {
  if (typeof prepare.query !== "string") return;
  const sql = holder.rewritten(prepare.query);
  if (sql === prepare.query) return;
  prepare.query = sql;
  prepare.options = { ...prepare.options, sql };
}

/** The end of what a connection prepares at the moment, or prepared last. */
const preparing = new WeakMap<MysqlConnection, Promise<void>>();

/** Tells who has given no callback by events, and all of them at once: a stream of rows is one step. */
function streamOut(command: Command, error: Error | null, told: Told | undefined): void {
  if (error !== null) {
    command.emit("error", error);
    return;
  }
  const { rows, fields } = told ?? {};
  const isOfSeveral = Array.isArray(rows) && Array.isArray(fields) && fields.some((of) => !isField(of));
  const results: readonly unknown[] = isOfSeveral ? rows : [rows];
  const columns: readonly unknown[] = isOfSeveral ? fields : [fields];
  for (const [index, result] of results.entries()) {
    command.emit("fields", columns[index]);
    for (const row of Array.isArray(result) ? (result as readonly unknown[]) : [result])
      command.emit("result", row, index);
  }
}

/** Of one result the driver tells its columns; of several, a list of columns or nothing for each. */
function isField(candidate: unknown): boolean {
  return typeof candidate === "object" && candidate !== null && !Array.isArray(candidate);
}

/** What a callback is told. */
interface Told {
  readonly rows: unknown;
  readonly fields: unknown;
}

function callOf(connection: MysqlConnection, add: Add, command: Command): Call {
  return {
    line: lineOf(connection, add, command),
    sql: String(command.sql ?? command.statement?.query),
    params: Array.isArray(command.parameters) ? (command.parameters as readonly unknown[]) : [],
    filledIn: command.parameters === undefined ? command.values : undefined,
    send: (sql) =>
      new Promise<Answer>((resolve, reject) => {
        const inner = copyOf(command, sql, (error, rows, fields) => {
          if (error === null || error === undefined) resolve(answerOf(sql, { rows, fields }));
          else reject(error);
        });
        add(connection, inner);
      }),
  };
}

/** A command is carried out once, so each time that a statement is sent has one of its own. */
function copyOf(command: Command, sql: string, callback: MysqlCallback): Command {
  const options = { ...(command._queryOptions ?? command._executeOptions ?? {}) };
  const copy = new command.constructor({ ...options, sql, values: command.values }, callback);
  copy.sql = sql;
  copy.namedPlaceholders = command.namedPlaceholders;
  if ("statement" in command) {
    copy.statement = command.statement;
    copy.parameters = command.parameters;
  }
  return copy;
}

const lines = new WeakMap<MysqlConnection, Line>();

/** @param like a command that came by on the connection, from which others can be made */
function lineOf(connection: MysqlConnection, add: Add, like: Command): Line {
  const known = lines.get(connection);
  if (known !== undefined) return known;
  const line: Line = {
    dialect: "mysql",
    get serverId() {
      return connection.threadId ?? undefined;
    },
    ask: (sql) =>
      new Promise((resolve, reject) => {
        const query = queryClass(connection, like);
        const command = new query({ sql }, (error, rows) => {
          if (error === null || error === undefined) resolve(answerOf(sql, { rows, fields: undefined }).rows);
          else reject(error);
        });
        add(connection, command);
      }),
    destroy: () => {
      connection.destroy();
    },
  };
  lines.set(connection, line);
  return line;
}

/** The class of `query`'s commands: that of a command at hand, or what the connection's class makes. */
function queryClass(connection: MysqlConnection, like: Command): CommandClass {
  if (like.constructor.name === "Query") return like.constructor;
  const maker = connection.constructor as unknown as {
    createQuery(sql: string, values: unknown, callback: MysqlCallback, config: object): Command;
  };
  return maker.createQuery("DO 0", [], () => undefined, {}).constructor;
}

function answerOf(sql: string, told: Told): Answer {
  const { rows } = told;
  if (typeof rows === "object" && rows !== null && "affectedRows" in rows)
    return { rows: [], affected: Number(rows.affectedRows), raw: told };
  const list = (Array.isArray(rows) ? rows : []) as readonly unknown[];
  // INSERT … RETURNING (MariaDB) answers rows and no count: there is one row for each that was written.
  const affected = /^\s*(?:insert|replace|delete)\b/i.test(sql) ? list.length : 0;
  return { rows: list.filter(isRow).map((row) => namedRow(row, told.fields)), affected, raw: told };
}

function isRow(row: unknown): row is Row {
  return typeof row === "object" && row !== null;
}
