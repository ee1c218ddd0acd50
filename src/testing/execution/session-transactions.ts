import { DatabaseError } from "../../clients/database-error.ts";
import type { Rules } from "../../clients/wire.ts";
import { hidesWrites, mayWrite } from "../../runner/hides-writes.ts";
import { anything, nothing, union } from "../../runner/interleaved/footprint.ts";
import type { Footprint } from "../../scheduler/point.ts";
import type { Answer } from "../instrument/call.ts";
import { levelNamedIn } from "../isolation-name.ts";
import { endTransaction, type Lane, type Lanes } from "./lanes.ts";
import type { RowWatch } from "../rows/row-watch.ts";
import type { SilentWriters } from "./silent-writers.ts";
import { goesBackToSavepoint } from "./statement-role.ts";
import { transactionEffects } from "./transaction-effects.ts";
import type { UserTurn } from "./user-turn.ts";
import { setsLimit } from "./wait-limits.ts";

/** What following a session's transactions needs from the execution. */
export interface TransactionSurroundings {
  readonly lanes: Lanes;
  readonly rules: Rules;
  readonly footprint: (sql: string) => Footprint;
  /** What statements write that do not say so. */
  readonly silent: SilentWriters;
  /** Who watches which rows are read and written, if anybody does. */
  readonly rows?: RowWatch | undefined;
}

/** What becomes of a session's transactions, as far as its statements and their answers tell. */
export class SessionTransactions {
  readonly #around: TransactionSurroundings;
  #committed = false;
  #touched: Footprint = nothing;

  constructor(around: TransactionSurroundings) {
    this.#around = around;
  }

  /** Something that the session has written may be there for good. */
  get committed(): boolean {
    return this.#committed;
  }

  /** What a statement may touch; the end of a transaction, all that was touched before it. */
  footprintOf({ kind, sql }: UserTurn): Footprint {
    if (kind !== "query") return this.#touched;
    return goesBackToSavepoint(sql) ? anything : this.#around.footprint(sql);
  }

  /** Takes note of a BEGIN or a SET that was answered, in the text that was sent. */
  wasSet(lane: Lane, role: "begin" | "setting" | "question", sql: string): void {
    if (/isolation/i.test(sql)) this.#around.lanes.chosen.add(levelNamedIn(sql));
    if (/\bsearch_path\b|^\s*(?:use\b|set\s+(?:local\s+|session\s+)?schema\b)/i.test(sql))
      this.#around.lanes.moves.add(sql);
    if (setsLimit(sql)) lane.limit = sql;
    this.#around.rows?.setting(lane.line, sql);
    if (role === "begin") {
      // PostgreSQL only warns where one is open; MySQL commits it.
      if (lane.open && lane.begun && lane.line.dialect === "postgres") return;
      this.#commitsWhatIsOpen(lane);
      lane.open = true;
      lane.begun = false;
      lane.wrote = false;
      lane.failed = false;
      lane.announced = sql;
    } else this.#takesEffect(lane, sql);
  }

  /** Takes note of what else a text does to transactions, once the server has done it. */
  #takesEffect(lane: Lane, sql: string): void {
    const { open, commits, autocommit, locksTables } = transactionEffects(sql, lane.line.dialect);
    // PostgreSQL only warns where one is open; MySQL commits it.
    const goesOn = open === true && !commits && lane.begun && lane.line.dialect === "postgres";
    if (open !== undefined && !goesOn) {
      if (lane.wrote && (commits || open)) this.#committed = true;
      if (lane.begun) this.#around.rows?.ended(lane.line, "unknown", sql);
      endTransaction(lane);
      lane.open ||= open;
      lane.begun = open;
    }
    if (autocommit === false) lane.open = lane.implicit = true;
    if (autocommit === true && lane.implicit) {
      this.#commitsWhatIsOpen(lane);
      lane.open = lane.implicit = false;
    }
    if (locksTables !== undefined) lane.locksTables = locksTables;
  }

  /** Takes note of a statement that goes to the server. */
  sends(turn: UserTurn): void {
    if (turn.kind === "query") this.#touched = union(this.#touched, this.footprintOf(turn));
    if (turn.lane.open) turn.lane.begun = true;
    if (setsLimit(turn.sql)) turn.lane.limit = turn.sql;
  }

  /** Takes note of where a connection looks for tables, where a statement was answered that may have moved it. */
  looks({ lane, kind, sql }: UserTurn): Promise<void> | undefined {
    const { lanes, silent } = this.#around;
    if (kind !== "query" || !silent.moves(sql)) return undefined;
    return lanes.lookAgain(lane.line).catch(() => undefined);
  }

  /** Takes note that the application is told what came of a statement. */
  told({ kind }: UserTurn): void {
    if (kind !== "query") this.#touched = nothing;
  }

  /** Takes note of an answer. @returns what the statement itself has answered, without what was added to watch rows */
  succeeded({ lane, kind, sql }: UserTurn, given: Answer): Answer {
    const { rows, silent } = this.#around;
    if (kind === "query") {
      const answer = rows?.answered(lane.line, given) ?? given;
      const wrote = answer.affected > 0 || hidesWrites(sql) || prepared.test(sql) || silent.mayWrite(sql);
      lane.failed &&= !goesBackToSavepoint(sql);
      if (lane.open) lane.wrote ||= wrote;
      else if (wrote || implicitCommit.test(sql)) this.#committed = true;
      if (silent.lasts(sql)) this.#committed = true;
      this.#endsByItself(lane, sql);
      this.#takesEffect(lane, sql);
      return answer;
    }
    const isCommitted = kind === "commit" && !rolledBackInstead(given);
    if (isCommitted && lane.wrote) this.#committed = true;
    rows?.ended(lane.line, isCommitted ? "committed" : "rolled-back", sql);
    this.ends(lane, sql);
    return given;
  }

  /** Takes note of a COMMIT or ROLLBACK that was answered; it may begin another transaction (AND CHAIN). */
  ends(lane: Lane, sql: string): void {
    endTransaction(lane);
    if (/\bchain\b/i.test(sql)) lane.open ||= transactionEffects(sql, lane.line.dialect).open === true;
  }

  /** Takes note of an error. @returns what it stands for */
  failed({ lane, kind, sql }: UserTurn, raw: unknown): DatabaseError {
    const phase = kind === "commit" ? "commit" : lane.open ? "statement" : "autocommit";
    const { message, fields } = this.#around.rules.classify(raw, phase, false);
    const writes = kind === "commit" ? lane.wrote : !lane.open && mayWrite(sql);
    if (writes && fields.outcome === "indeterminate") this.#committed = true;
    // Whether it has committed before it failed depends on why it failed.
    if (kind === "query" && (this.#around.silent.lasts(sql) || endsTransaction(lane, sql)))
      this.#committed = true;
    const undone = lane.line.dialect === "mysql" && ["deadlock", "snapshot-conflict"].includes(fields.cause);
    const isOver = kind === "commit" || undone || fields.connectionLost;
    const proven = fields.outcome === "definite" ? "rolled-back" : "unknown";
    this.#around.rows?.failed(lane.line, isOver || phase === "autocommit" ? proven : undefined);
    if (isOver) endTransaction(lane);
    else {
      // Of several statements those before the one that failed have taken effect, or may have.
      if (kind === "query" && transactionEffects(sql, lane.line.dialect).open === true)
        lane.open = lane.failed = true;
      lane.failed ||= lane.open && lane.line.dialect === "postgres";
    }
    return new DatabaseError(message, fields, raw);
  }

  /** Takes note of a statement that was answered and with which MySQL commits the transaction that is open. */
  #endsByItself(lane: Lane, sql: string): void {
    if (!endsTransaction(lane, sql)) return;
    this.#committed = true;
    // It may have committed, and may have begun another one.
    if (/^\s*call\b/i.test(sql)) return;
    this.#around.rows?.ended(lane.line, "committed", sql);
    endTransaction(lane);
  }

  #commitsWhatIsOpen(lane: Lane): void {
    if (lane.open && lane.wrote) this.#committed = true;
  }

  /** Takes note that the whole transaction of a connection is given up. */
  givesUp(lane: Lane): void {
    this.#touched = nothing;
    this.#around.rows?.ended(lane.line, "rolled-back");
    endTransaction(lane);
  }
}

/** Statements that are committed by themselves whatever they count. */
const implicitCommit = /^\s*(?:create|alter|drop|truncate|rename|call|do|merge|replace)\b/i;

/** Statements whose text is elsewhere. */
const prepared = /^\s*execute\b/i;

/** Statements with which MySQL ends a transaction, or may do so (MySQL manual, Statements That Cause an Implicit Commit). */
const endsByItself =
  /^\s*(?:(?:create|drop)(?!\s+(?:or\s+replace\s+)?temporary)|alter|truncate|rename|call|grant|revoke|analyze|optimize|repair|(?:un)?lock\s+tables?)\b/i;

function endsTransaction({ open, alone, line }: Lane, sql: string): boolean {
  return open && alone === undefined && line.dialect === "mysql" && endsByItself.test(sql);
}

/** PostgreSQL answers so to the COMMIT of a transaction in which a statement had failed. */
function rolledBackInstead({ raw }: Answer): boolean {
  return (raw as { readonly command?: unknown } | null | undefined)?.command === "ROLLBACK";
}
