import type { Dialect } from "../../clients/database.ts";
import type { Answer, Line } from "../instrument/call.ts";
import type { RaceStage } from "../race-stage.ts";
import { lookedUp } from "./looked-up.ts";
import { mysqlTables } from "./mysql-tables.ts";
import { postgresTables } from "./postgres-tables.ts";
import { updateLookup } from "./read-statement.ts";
import { readRows } from "./read-rows.ts";
import { readTable, readTableNow } from "./read-table.ts";
import { RowLog } from "./row-log.ts";
import { objectName, reachedFrom, tablesNamed, type RowTable, type RowTables } from "./row-table.ts";
import type { RowTransaction } from "./row-transaction.ts";
import type { Image } from "./row-versions.ts";
import { shownRows, withoutRows, type ShownRows } from "./shown-rows.ts";
import { rowsOf } from "./shown-to-rows.ts";
import type { SqlToken } from "./sql-tokens.ts";
import { endsOtherwise, namesIn, statementEffect, type StatementEffect } from "./statement-effect.ts";
import { withReturning, type WriteStatement } from "./write-statement.ts";

/** A bound: more tables than this are not watched. */
const mostTables = 200;

/** A statement as it goes to the server. */
export interface SentStatement {
  readonly session: number;
  /** What the session's function is called. */
  readonly f: string;
  readonly line: Line;
  /** It is part of a transaction that was begun before it. */
  readonly open: boolean;
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A statement that is under way, or was in this step. */
export interface WatchedStatement {
  readonly transaction: RowTransaction;
  readonly effect: StatementEffect;
  readonly params: readonly unknown[];
  readonly sent: number;
  /** The table that it writes, on PostgreSQL. */
  readonly target: RowTable | undefined;
  /** Its rows were asked for by us. */
  readonly asked: boolean;
  /** Ids of tables that it was seen to have written (MySQL). */
  readonly wrote: Set<string>;
  /** Objects that it was seen to have written (MySQL). */
  readonly objects: Set<string>;
}

/**
 * Watches, in one execution of a race, which rows each transaction reads and writes: what can be proven of it, nothing
 * else. What was written is seen on PostgreSQL by `RETURNING`, which plain statements are sent with, and on MySQL by
 * looking at the tables after each step, at READ UNCOMMITTED. What was read is seen by where the server says that
 * the columns of a result come from. A table of which some write may not have been seen is left out.
 */
export class RowWatch {
  readonly log: RowLog;
  readonly #stage: Pick<RaceStage, "query" | "dialect">;
  readonly #tables: RowTables;
  readonly #open = new Map<Line, RowTransaction>();
  readonly #underWay = new Map<Line, WatchedStatement>();
  /** Statements by themselves of this step that failed, or did not. */
  readonly #doubtful = new Map<Line, WatchedStatement>();
  #step = 0;
  /** Of this step: what came back, with what it shows. */
  #answered: {
    readonly statement: WatchedStatement;
    readonly shown: ShownRows | undefined;
    readonly raw: unknown;
  }[] = [];
  /** Of this step: transactions that ended. */
  #ended: RowTransaction[] = [];

  private constructor(
    stage: Pick<RaceStage, "query" | "dialect">,
    tables: RowTables,
    initial: ReadonlyMap<string, ReadonlyMap<string, Image> | string>,
  ) {
    this.#stage = stage;
    this.#tables = tables;
    this.log = new RowLog(tables.tables, initial);
  }

  /** Looks at the state that a schedule begins with. */
  static async open(stage: Pick<RaceStage, "query" | "dialect">): Promise<RowWatch> {
    const tables =
      stage.dialect === "postgres" ? await postgresTables(stage.query) : await mysqlTables(stage.query);
    const initial = new Map<string, ReadonlyMap<string, Image> | string>();
    for (const [i, table] of tables.tables.entries())
      initial.set(
        table.id,
        table.refused ?? (i < mostTables ? await readTable(stage.query, table) : "there are too many tables"),
      );
    return new RowWatch(stage, tables, initial);
  }

  get #dialect(): Dialect {
    return this.#stage.dialect;
  }

  /** A statement of work goes to the server. Answers the text to send. */
  sends({ session, f, line, open, sql, params }: SentStatement): string {
    const effect = statementEffect(sql, this.#dialect, this.#tables);
    const known = open ? this.#open.get(line) : undefined;
    const transaction = known ?? this.log.begin(session, f, !open, this.#step);
    if (open) this.#open.set(line, transaction);
    if ("tokens" in effect) this.#uses(effect.tokens);
    if (effect.type === "anything") this.log.leaveOutAll(effect.why);
    if (effect.type === "back")
      for (const table of transaction.wrote)
        this.log.leaveOut(table, "a transaction went back to a savepoint");
    const write = effect.type === "write" && this.#dialect === "postgres" ? effect.write : undefined;
    const target = write === undefined ? undefined : this.#target(write);
    const asked =
      write !== undefined && !write.returns && target !== undefined && target.refused === undefined;
    const statement = {
      transaction,
      effect,
      params,
      sent: this.#step,
      target,
      asked,
      wrote: new Set<string>(),
      objects: new Set<string>(),
    };
    this.#underWay.set(line, statement);
    return asked && effect.type === "write" ? withReturning(sql, effect.tokens, write) : sql;
  }

  /** A statement of work was answered. Answers what the application is to be told. */
  answered(line: Line, answer: Answer): Answer {
    const statement = this.#underWay.get(line);
    if (statement === undefined) return answer;
    this.#underWay.delete(line);
    const shown = shownRows(answer.raw, this.#dialect);
    this.#answered.push({ statement, shown, raw: answer.raw });
    const { transaction, target, asked } = statement;
    if (target !== undefined && target.refused === undefined) this.#returned(statement, target, shown);
    if (transaction.isAlone) this.#end(transaction, "ok");
    if (!asked) return answer;
    withoutRows(answer.raw);
    return { rows: [], affected: answer.affected, raw: answer.raw };
  }

  /**
   * A statement of work, or a COMMIT, failed.
   *
   * @param ended the transaction is over; "unknown": it may have been committed
   */
  failed(line: Line, ended: "rolled-back" | "unknown" | undefined): void {
    const statement = this.#underWay.get(line);
    this.#underWay.delete(line);
    for (const table of statement?.wrote ?? [])
      this.log.leaveOut(table, "a statement failed after it had written");
    if (statement?.transaction.isAlone !== true) {
      if (ended !== undefined) this.ended(line, ended);
    } else if (ended === "unknown") this.#doubtful.set(line, statement);
    else this.#end(statement.transaction, "fail");
  }

  /** What has failed was broken off by us, and the server has undone it: it will be sent again. */
  takenBack(line: Line): void {
    const statement = this.#doubtful.get(line);
    this.#doubtful.delete(line);
    if (statement !== undefined) this.#end(statement.transaction, "fail");
  }

  /** What is sent at once came by: BEGIN, SET, savepoints. */
  setting(line: Line, sql: string): void {
    if (/\bautocommit\b/i.test(sql)) this.log.leaveOutAll("autocommit was set");
    // The server commits what is open when another transaction is begun (MySQL manual, "Implicit Commit").
    const begins = /^\s*(?:begin|start)\b/i.test(sql);
    if (begins && this.#dialect === "mysql") this.ended(line, "committed");
  }

  /** The transaction of a connection ended. */
  ended(line: Line, how: "committed" | "rolled-back" | "unknown", sql = ""): void {
    if (endsOtherwise(sql)) this.log.leaveOutAll("the end of a transaction began another");
    const transaction = this.#open.get(line);
    this.#open.delete(line);
    if (transaction !== undefined)
      this.#end(transaction, how === "committed" ? "ok" : how === "unknown" ? "info" : "fail");
  }

  /** A step is over. @param next number of the one that follows */
  async stepped(next: number): Promise<void> {
    for (const { transaction, effect } of this.#doubtful.values()) {
      if (effect.type !== "read") this.log.leaveOutAll("a write may have failed or not");
      this.#end(transaction, "info");
    }
    this.#doubtful.clear();
    if (this.#dialect === "mysql" && !this.log.isEmpty) {
      await this.#observe();
      for (const { statement, raw } of this.#answered) this.#wroteTheSame(statement, raw);
    }
    for (const { statement, shown } of this.#answered)
      if (shown !== undefined && statement.effect.type === "read")
        readRows(statement, statement.effect.tokens, shown, this.#tables, this.log);
    this.#answered = [];
    this.#ended = [];
    this.#step = next;
  }

  /** The execution is over, and what was open has been rolled back. Looks whether the rows are as they are known to be. */
  async finish(): Promise<void> {
    for (const line of [...this.#open.keys()]) this.ended(line, "rolled-back");
    for (const table of this.log.watched()) {
      const found = await readTable(this.#stage.query, table);
      if (typeof found === "string") this.log.leaveOut(table.id, found);
      else if (!this.log.isAsFound(table, found))
        this.log.leaveOut(table.id, "something wrote it that was not seen");
    }
  }

  #uses(tokens: readonly SqlToken[]): void {
    const names = namesIn(tokens);
    for (const { id, name } of this.#tables.tables) if (names.has(name.toLowerCase())) this.log.uses(id);
  }

  #end(transaction: RowTransaction, state: "ok" | "fail" | "info"): void {
    this.log.end(transaction, state, this.#step);
    this.#ended.push(transaction);
  }

  /** The table that a statement writes; tables that it may write besides are left out. */
  #target(write: WriteStatement): RowTable | undefined {
    const [target, another] = tablesNamed(this.#tables, write.table);
    if (target === undefined || another !== undefined) {
      this.log.leaveOutAll(`it is not known which table ${write.table} is`);
      return undefined;
    }
    const reached = write.replaces ? reachedFrom(this.#tables, target) : [target];
    for (const table of reached) {
      if (table.runsCode)
        this.log.leaveOutAll(`a trigger, a rule or a default of ${table.name} may write anything`);
      if (table !== target || (write.replaces && table.cascades.includes(table.id)))
        this.log.leaveOut(table.id, `a foreign key may change it when ${target.name} is written`);
    }
    if (target.key.some((column) => write.sets.has(column) || write.sets.has(column.toLowerCase())))
      this.log.leaveOut(target.id, "a statement may change its keys");
    return target;
  }

  /** What a statement's own rows tell of what it wrote (PostgreSQL). */
  #returned({ transaction, effect }: WatchedStatement, table: RowTable, shown: ShownRows | undefined): void {
    if (effect.type !== "write" || effect.write === undefined) return;
    const rows = shown === undefined ? undefined : rowsOf(table, shown);
    if (rows === undefined || rows.length !== shown?.rows.length) {
      this.log.leaveOut(table.id, "a statement returns rows without their keys");
      return;
    }
    const { command } = effect.write;
    for (const { key, seen } of rows) {
      if (command !== "insert" && !this.log.isThere(table, key))
        this.log.leaveOut(table.id, "a row was written that was not known to be there");
      this.log.write(table, key, command === "delete" ? undefined : seen, transaction, this.#step);
    }
  }

  /** What has changed in the tables, and who changed it (MySQL). */
  async #observe(): Promise<void> {
    const writers = this.#writers();
    const failed = this.#ended.filter(({ state }) => state === "fail");
    for (const table of this.#mayHaveChanged(writers, failed)) {
      const found = await readTableNow(this.#stage.query, table);
      if (typeof found === "string") {
        this.log.leaveOut(table.id, found);
        continue;
      }
      const changes = this.log.changes(table, found);
      if (changes.length === 0) continue;
      const [writer, another] = writers;
      if (writer === undefined || another !== undefined) {
        this.log.leaveOut(table.id, "it is not known which of several statements wrote it");
        continue;
      }
      for (const { key, image } of changes) {
        this.log.write(table, key, image, writer.transaction, this.#step);
        writer.objects.add(objectName(table, key));
      }
      writer.wrote.add(table.id);
    }
  }

  /** An UPDATE by key that found its row and left it as it was: it holds the row's lock, as every writer does. */
  #wroteTheSame({ effect, params, transaction, objects, wrote }: WatchedStatement, raw: unknown): void {
    if (effect.type !== "write" || !hasMatchedOne(raw)) return;
    const found = lookedUp(updateLookup(effect.tokens, params), this.#tables);
    if (found === undefined || objects.has(objectName(found.table, found.key))) return;
    const { table, key } = found;
    const { image } = this.log.current(table, key) ?? {};
    if (image === undefined) return;
    this.log.write(table, key, image, transaction, this.#step);
    wrote.add(table.id);
  }

  /** Statements that may have written in this step: what came back, and what waits after it was let go on. */
  #writers(): readonly WatchedStatement[] {
    const wentOn = (statement: WatchedStatement): boolean =>
      statement.sent === this.#step || this.#ended.length > 0;
    return [
      ...this.#answered
        .map(({ statement }) => statement)
        .filter(({ transaction }) => transaction.state !== "fail"),
      ...[...this.#underWay.values()].filter(wentOn),
    ].filter(({ effect }) => effect.type === "write");
  }

  #mayHaveChanged(
    writers: readonly WatchedStatement[],
    failed: readonly RowTransaction[],
  ): readonly RowTable[] {
    const watched = this.log.watched();
    const { tables, functions } = this.#tables;
    if (writers.length > 0 && (functions.size > 0 || tables.some(({ runsCode }) => runsCode))) return watched;
    const named = new Set(
      writers.flatMap(({ effect }) => ("tokens" in effect ? [...namesIn(effect.tokens)] : [])),
    );
    const views = [...named].some((name) => this.#tables.views.has(name));
    if (views) return watched;
    const reached = new Set(
      tables
        .filter(({ name }) => named.has(name.toLowerCase()))
        .flatMap((table) => reachedFrom(this.#tables, table)),
    );
    const undone = new Set(failed.flatMap(({ wrote }) => [...wrote]));
    return watched.filter((table) => reached.has(table) || undone.has(table.id));
  }
}

/** Whether the server says that an UPDATE found one row, changed or not. */
function hasMatchedOne(raw: unknown): boolean {
  const { rows } = (raw ?? {}) as { readonly rows?: unknown };
  const { info } = (rows ?? {}) as { readonly info?: unknown };
  return typeof info === "string" && /^\W*Rows matched: 1\b/.test(info);
}
