import type { Answer, Line } from "../instrument/call.ts";
import type { RaceStage } from "../race-stage.ts";
import { assignedColumns } from "./assigned-columns.ts";
import { knownRows, type KnownRows } from "./known-rows.ts";
import { readRows } from "./read-rows.ts";
import { readTable } from "./read-table.ts";
import { recordReturned } from "./returned-writes.ts";
import type { RowLog } from "./row-log.ts";
import type { RowTransaction } from "./row-transaction.ts";
import { shownRows, withoutRows } from "./shown-rows.ts";
import { endsOtherwise, namesIn, statementEffect, type StatementEffect } from "./statement-effect.ts";
import { recordStep } from "./step-writes.ts";
import type { AnsweredStatement, SentStatement, WatchedStatement } from "./watched-statement.ts";
import { withReturning } from "./write-statement.ts";
import { writtenTable } from "./written-table.ts";

/**
 * Watches, in one execution of a race, which rows each transaction reads and writes: what can be proven of it, nothing
 * else. What was written is seen on PostgreSQL by `RETURNING`, which plain statements are sent with, and on MySQL by
 * looking at the tables after each step, at READ UNCOMMITTED. What was read is seen by where the server says that
 * the columns of a result come from. A table of which some write may not have been seen is left out.
 */
export class RowWatch {
  readonly log: RowLog;
  readonly #known: KnownRows;
  readonly #open = new Map<Line, RowTransaction>();
  readonly #underWay = new Map<Line, WatchedStatement>();
  /** Statements by themselves of this step that failed, or did not. */
  readonly #doubtful = new Map<Line, WatchedStatement>();
  #step = 0;
  /** Of this step: what came back, with what it shows. */
  #answered: AnsweredStatement[] = [];
  /** Of this step: transactions that ended. */
  #ended: RowTransaction[] = [];

  private constructor(known: KnownRows) {
    this.#known = known;
    this.log = known.log;
  }

  /** Looks at the state that a schedule begins with. */
  static async open(stage: Pick<RaceStage, "query" | "dialect">): Promise<RowWatch> {
    return new RowWatch(await knownRows(stage));
  }

  /** A statement of work goes to the server. Answers the text to send. */
  sends({ session, f, line, open, sql, params, filledIn }: SentStatement): string {
    const { dialect, tables } = this.#known;
    const effect = statementEffect(sql, dialect, tables);
    const begun = open ? this.#open.get(line) : undefined;
    const transaction = begun ?? this.log.begin(session, f, !open, this.#step);
    if (open) this.#open.set(line, transaction);
    this.#begins(effect, transaction);
    const write = effect.type === "write" && dialect === "postgres" ? effect.write : undefined;
    const target = write === undefined ? undefined : writtenTable(write, this.#known);
    const asked =
      write !== undefined && !write.returns && target !== undefined && target.refused === undefined;
    this.#underWay.set(line, {
      transaction,
      effect,
      sql,
      // The application may fill its array anew before the step is over.
      params: [...params],
      sent: this.#step,
      target,
      assigned: assignedColumns(effect, tables, filledIn, params),
      asked,
      wrote: new Set(),
      objects: new Set(),
    });
    return asked && effect.type === "write" ? withReturning(sql, effect.tokens, write) : sql;
  }

  /** What a statement is known to do before it is answered. */
  #begins(effect: StatementEffect, transaction: RowTransaction): void {
    if ("tokens" in effect) {
      const names = namesIn(effect.tokens);
      for (const { id, name } of this.#known.tables.tables)
        if (names.has(name.toLowerCase())) this.log.uses(id);
    }
    if (effect.type === "anything") this.log.leaveOutAll(effect.why);
    if (effect.type === "back")
      for (const table of transaction.wrote)
        this.log.leaveOut(table, "a transaction went back to a savepoint");
  }

  /** A statement of work was answered. Answers what the application is to be told. */
  answered(line: Line, answer: Answer): Answer {
    const statement = this.#underWay.get(line);
    if (statement === undefined) return answer;
    this.#underWay.delete(line);
    const answered = { statement, shown: shownRows(answer.raw, this.#known.dialect), raw: answer.raw };
    this.#answered.push(answered);
    recordReturned(answered, this.log, this.#step);
    const { transaction, asked } = statement;
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
    if (begins && this.#known.dialect === "mysql") this.ended(line, "committed");
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
    const { dialect, tables } = this.#known;
    for (const { transaction, effect } of this.#doubtful.values()) {
      if (effect.type !== "read") this.log.leaveOutAll("a write may have failed or not");
      this.#end(transaction, "info");
    }
    this.#doubtful.clear();
    if (dialect === "mysql") {
      const underWay = [...this.#underWay.values()];
      const events = { step: this.#step, answered: this.#answered, underWay, ended: this.#ended };
      await recordStep(events, this.#known);
    }
    for (const { statement, shown } of this.#answered) {
      if (shown === undefined) continue;
      if (statement.effect.type === "read")
        readRows(statement, {
          tokens: statement.effect.tokens,
          shown,
          tables,
          log: this.log,
          step: this.#step,
        });
      else if (dialect === "mysql" && shown.rows.length > 0) this.#glimpse(statement);
    }
    this.#answered = [];
    this.#ended = [];
    this.#step = next;
  }

  /** The execution is over, and what was open has been rolled back. Looks whether the rows are as they are known to be. */
  async finish(): Promise<void> {
    for (const line of [...this.#open.keys()]) this.ended(line, "rolled-back");
    for (const table of this.log.watched()) {
      const found = await readTable(this.#known.query, table);
      if (typeof found === "string") this.log.leaveOut(table.id, found);
      else if (!this.log.isAsFound(table, found))
        this.log.leaveOut(table.id, "something wrote it that was not seen");
    }
  }

  /** A statement that may have written has shown something: what it wrote, or what a function of it has read. */
  #glimpse({ transaction, effect, sql }: WatchedStatement): void {
    const calls = effect.type === "write" && effect.write === undefined;
    for (const table of this.log.watched()) this.log.glimpse(table, transaction, calls ? sql : undefined);
  }

  #end(transaction: RowTransaction, state: "ok" | "fail" | "info"): void {
    this.log.end(transaction, state, this.#step);
    this.#ended.push(transaction);
  }
}
