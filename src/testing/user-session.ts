import { DatabaseError } from "../clients/database-error.ts";
import type { Rules } from "../clients/wire.ts";
import { nextTurn } from "../clock/event-loop.ts";
import { hidesWrites, mayWrite } from "../runner/hides-writes.ts";
import { anything, nothing, union } from "../runner/interleaved/footprint.ts";
import type { SessionState, Stepper } from "../runner/interleaved/stepper.ts";
import type { TurnResult } from "../runner/interleaved/turn.ts";
import type { Footprint, Point, PointKind } from "../scheduler/point.ts";
import type { Answer, Call, Holder } from "./instrument/call.ts";
import { runAs } from "./instrument/holder-context.ts";
import { levelNamedIn } from "./isolation-name.ts";
import { endTransaction, type Lane, type Lanes } from "./lanes.ts";
import type { RowWatch } from "./rows/row-watch.ts";
import { goesBackToSavepoint, statementRole } from "./statement-role.ts";

/** How a session's function ended. */
export type Ending =
  | { readonly type: "returned"; readonly value: unknown; readonly committed: boolean }
  | {
      readonly type: "threw";
      readonly error: unknown;
      /** Something that it had written before may be there for good. */
      readonly committed: boolean;
    };

/** What a session needs from the execution it is part of. */
export interface UserSurroundings {
  readonly lanes: Lanes;
  readonly rules: Rules;
  readonly footprint: (sql: string) => Footprint;
  /** The text that is sent for a statement. */
  readonly rewrite: (sql: string) => string;
  /** What is told of an answer to the application. */
  readonly retold: (call: Call, answer: Answer) => Answer;
  /** Who watches which rows are read and written, if anybody does. */
  readonly rows?: RowWatch | undefined;
  /** Called whenever the state has changed. */
  readonly changed: () => void;
  /** Told of each statement as it goes to the server. */
  readonly sent: (session: UserSession, sql: string, params: readonly unknown[]) => void;
  /** Told of each statement that may write and that its code sends when the execution is over. */
  readonly late: (session: UserSession, sql: string) => void;
}

/**
 * One session of a race: a function of the user's, whose statements wait for their turn, on whatever connections they
 * are sent. Of several that are under way at once (`Promise.all`) the one that was asked for first goes first.
 */
export class UserSession implements Stepper, Holder {
  readonly number: number;
  /** Of its function, in the race. */
  readonly id: number;
  readonly name: string;
  /** Held until it is started. */
  state: SessionState = "held";
  active = true;
  readonly armed = false;
  deferredAt: number | undefined = undefined;
  result: TurnResult | undefined = undefined;
  ending: Ending | undefined = undefined;
  /** Statements that were sent on its behalf and that are no steps, or connections that are being made. */
  ours = 0;
  /** Waits for a connection of a pool that has none left. */
  starved = 0;
  /** Statements that had their turn. */
  turns = 0;
  readonly #around: UserSurroundings;
  readonly #queue: Turn[] = [];
  #turn: Turn | undefined;
  #committed = false;
  #lastSql: string | undefined;
  #repeats = 0;
  /** Connections that it has asked a pool for and has not been given. */
  #awaiting = 0;
  /** Ends its waits for connections. */
  readonly #waits = new Set<(error: Error) => void>();
  #touched: Footprint = nothing;
  /** Its code has asked for a statement while another one was under way. */
  several = false;
  /** What it is told whatever it asks for, once its execution is over. */
  #refusal: Error | undefined;

  constructor(number: number, id: number, name: string, around: UserSurroundings) {
    this.number = number;
    this.id = id;
    this.name = name;
    this.#around = around;
  }

  /** How many times in a row it has sent the same statement before the one that waits for its turn, which is the same too. */
  get repeats(): number {
    return this.#turn !== undefined && this.#turn.sql === this.#lastSql ? this.#repeats : 0;
  }

  /** Statements of its code that wait for the one under way to come back. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Whether the statement that waits is in a transaction that its code has opened. */
  get isInTransaction(): boolean {
    return this.#turn?.lane.open === true;
  }

  get serverId(): number | undefined {
    return this.#turn?.lane.line.serverId;
  }

  get doing(): PointKind | undefined {
    return this.#turn?.kind;
  }

  get point(): Point {
    const { kind, sql, lane } = this.#expectTurn();
    return {
      session: this.number,
      operation: this.id,
      attempt: 0,
      kind,
      sql: kind === "query" ? sql : null,
      first: kind === "query" && !lane.begun,
      begins: this.turns === 0,
      footprint: this.#footprintOf(this.#expectTurn()),
    };
  }

  /** Starts its code, which runs until it waits for its first turn. */
  start(code: () => unknown): void {
    this.#become("client");
    void runAs(this, async () => await code())
      .then(
        (value): Ending => ({ type: "returned", value, committed: this.#committed }),
        (error: unknown): Ending => ({ type: "threw", error, committed: this.#committed }),
      )
      .then((ending) => {
        this.ending = ending;
        if (this.#turn === undefined && this.#queue.length === 0) this.#become("finished");
      });
  }

  /** Statements go past it from now on; those of code that has not ended are refused. */
  retire(refusal: Error): void {
    if (this.ending !== undefined) this.active = false;
    else this.#refuseAll(refusal);
  }

  late(sql: string): void {
    if (mayWrite(sql)) this.#around.late(this, sql);
  }

  rewritten(sql: string): string {
    return this.#around.rewrite(sql);
  }

  awaitsConnection(full: boolean, giveUp?: (error: Error) => void): () => void {
    if (giveUp !== undefined) {
      this.#waits.add(giveUp);
      if (this.#refusal !== undefined) this.#giveUp(this.#refusal);
    }
    let waiting = true;
    this.#awaiting++;
    if (full) this.starved++;
    else this.ours++;
    this.#around.changed();
    return () => {
      if (!waiting) return;
      waiting = false;
      if (giveUp !== undefined) this.#waits.delete(giveUp);
      this.#awaiting--;
      if (full) this.starved--;
      else this.ours--;
      if (this.state === "away") this.#become("client");
    };
  }

  async take(call: Call): Promise<Answer> {
    if (this.#refusal !== undefined) throw this.#refusal;
    const lane = await this.#ownBusiness(() => this.#around.lanes.of(call.line));
    lane.user = this.number;
    const role = statementRole(call.sql, call.line.dialect);
    if (this.#isOfThePool(call, lane)) return this.#ownBusiness(() => call.send(call.sql));
    if (role === "begin" || role === "setting") return this.#atOnce(call, lane, role);
    lane.used = true;
    const kind = role === "work" ? "query" : role;
    // An end that ends nothing is no step: the server only says that there was nothing.
    if (kind !== "query" && !lane.begun) return this.#emptyEnd(call, lane);
    this.several ||= this.#turn !== undefined || this.ours > 0 || this.starved > 0;
    return new Promise((resolve, reject) => {
      this.#queue.push({ kind, call, lane, sql: call.sql, resolve, reject });
      if (this.#turn === undefined && this.state !== "executing") this.#nextTurn();
    });
  }

  grant(): void {
    const turn = this.#expectTurn();
    const { lane, call } = turn;
    this.turns++;
    this.#repeats = turn.sql === this.#lastSql ? this.#repeats + 1 : 1;
    this.#lastSql = turn.sql;
    this.deferredAt = undefined;
    this.result = undefined;
    if (turn.kind === "query") this.#touched = union(this.#touched, this.#footprintOf(turn));
    const sql = this.#around.rewrite(turn.sql);
    if (lane.announced !== undefined) this.#around.sent(this, lane.announced, []);
    lane.announced = undefined;
    if (lane.open) lane.begun = true;
    this.#around.sent(this, sql, call.params);
    this.#become("executing");
    call.send(this.#watched(turn, sql)).then(
      (answer) => {
        this.#succeeded(turn, answer);
      },
      (error: unknown) => {
        this.#failed(turn, error);
      },
    );
  }

  takeBack(endedTransactions: number): void {
    this.#around.rows?.takenBack(this.#expectTurn().lane.line);
    this.result = undefined;
    this.deferredAt = endedTransactions;
    this.#become("ready");
  }

  hasReturned(): boolean {
    return this.result !== undefined;
  }

  deliver(): void {
    const { result } = this;
    const turn = this.#expectTurn();
    if (result === undefined) throw new Error("nothing has come back yet");
    if (turn.kind !== "query") this.#touched = nothing;
    this.#release(() => {
      if ("error" in result)
        turn.reject(result.error instanceof DatabaseError ? result.error.cause : result.error);
      else turn.resolve(result.value as Answer);
    });
  }

  /** As the server would end it in a deadlock: all of the transaction is rolled back. */
  refuse(error: DatabaseError): void {
    const turn = this.#expectTurn();
    const { lane } = turn;
    this.deferredAt = undefined;
    this.#touched = nothing;
    this.#around.sent(this, "ROLLBACK", []);
    this.#around.rows?.ended(lane.line, "rolled-back");
    endTransaction(lane);
    this.#become("client");
    void this.#ownBusiness(() => lane.line.ask("ROLLBACK")).finally(() => {
      this.#release(() => {
        turn.reject(deadlockLike(error));
      });
    });
  }

  /** Cuts the connection on which it is at work, if it is. */
  destroyConnection(): void {
    this.#turn?.lane.line.destroy();
  }

  /** Ends everything that it waits for with an error, without sending it, and whatever else it asks for later. */
  abandon(error: Error): void {
    this.#refuseAll(error);
    this.#become("client");
  }

  #refuseAll(error: Error): void {
    this.#refusal = error;
    for (const turn of [...(this.#turn === undefined ? [] : [this.#turn]), ...this.#queue.splice(0)])
      turn.reject(error);
    this.#turn = undefined;
    this.result = undefined;
    this.#giveUp(error);
  }

  #giveUp(error: Error): void {
    for (const giveUp of this.#waits) {
      this.#waits.delete(giveUp);
      giveUp(error);
    }
  }

  /**
   * What a pool asks over a fresh connection before it hands it over, which touches no table of the application's. What
   * does may be the code's own, over another connection than the one that it waits for.
   */
  #isOfThePool({ sql }: Call, lane: Lane): boolean {
    if (this.#awaiting === 0 || lane.used || lane.open) return false;
    const { tables } = this.#around.footprint(sql);
    return tables !== "all" && tables.length === 0;
  }

  async #atOnce(call: Call, lane: Lane, role: "begin" | "setting"): Promise<Answer> {
    const sql = this.#around.rewrite(call.sql);
    if (/isolation/i.test(sql)) this.#around.lanes.chosen.add(levelNamedIn(sql));
    const answer = await this.#ownBusiness(() => call.send(sql));
    this.#around.rows?.setting(lane.line, sql);
    if (role === "begin") {
      lane.open = true;
      lane.begun = false;
      lane.wrote = false;
      lane.failed = false;
      lane.announced = sql;
    } else if (/^\s*set\s+(?:session\s+)?autocommit\s*=\s*(?:0|off)/i.test(sql))
      lane.open = lane.implicit = true;
    else if (/^\s*set\s+(?:session\s+)?autocommit\s*=\s*(?:1|on)/i.test(sql))
      lane.open = lane.implicit = false;
    return answer;
  }

  async #emptyEnd(call: Call, lane: Lane): Promise<Answer> {
    endTransaction(lane);
    lane.announced = undefined;
    return this.#ownBusiness(() => call.send(call.sql));
  }

  /** The text to send for a turn. */
  #watched({ kind, lane, call }: Turn, sql: string): string {
    const { rows } = this.#around;
    if (rows === undefined || kind !== "query") return sql;
    const { number: session, name: f } = this;
    return rows.sends({ session, f, line: lane.line, open: lane.open, sql, params: call.params });
  }

  #succeeded(turn: Turn, given: Answer): void {
    const { lane, kind, call, sql } = turn;
    const { rows } = this.#around;
    let answer = given;
    if (kind === "query") {
      answer = rows?.answered(lane.line, given) ?? given;
      const wrote = answer.affected > 0 || hidesWrites(sql);
      lane.failed &&= !goesBackToSavepoint(sql);
      if (lane.open) lane.wrote ||= wrote;
      else if (wrote) this.#committed = true;
      if (!lane.open && implicitCommit.test(sql)) this.#committed = true;
    } else {
      const isCommitted = kind === "commit" && !rolledBackInstead(answer);
      if (isCommitted && lane.wrote) this.#committed = true;
      rows?.ended(lane.line, isCommitted ? "committed" : "rolled-back", sql);
      endTransaction(lane);
    }
    this.#returned({ value: this.#around.retold(call, answer) });
  }

  #failed(turn: Turn, raw: unknown): void {
    const { lane, kind, sql } = turn;
    const phase = kind === "commit" ? "commit" : lane.open ? "statement" : "autocommit";
    const known = this.#around.rules.classify(raw, phase, false);
    const error = new DatabaseError(known.message, known.fields, raw);
    const writes = kind === "commit" ? lane.wrote : !lane.open && mayWrite(sql);
    if (writes && error.fields.outcome === "indeterminate") this.#committed = true;
    const over =
      lane.line.dialect === "mysql" && ["deadlock", "snapshot-conflict"].includes(error.fields.cause);
    const isOver = kind === "commit" || over || error.fields.connectionLost;
    const proven = error.fields.outcome === "definite" ? "rolled-back" : "unknown";
    this.#around.rows?.failed(lane.line, isOver || phase === "autocommit" ? proven : undefined);
    if (isOver) endTransaction(lane);
    else lane.failed ||= lane.open && lane.line.dialect === "postgres";
    this.#returned({ error });
  }

  #returned(result: TurnResult): void {
    this.result = result;
    this.#around.changed();
  }

  /** Lets its code go on, and then puts forward what it asked for meanwhile. */
  #release(hand: () => void): void {
    this.#turn = undefined;
    this.result = undefined;
    this.#become("client");
    hand();
    void nextTurn().then(() => {
      if (this.#turn === undefined && this.state === "client") this.#nextTurn();
    });
  }

  #nextTurn(): void {
    const turn = this.#queue.shift();
    if (turn !== undefined) {
      this.#turn = turn;
      this.#become("ready");
    } else if (this.ending !== undefined) this.#become("finished");
  }

  async #ownBusiness<T>(work: () => Promise<T>): Promise<T> {
    if (this.state === "away" || this.state === "finished") this.#become("client");
    this.ours++;
    try {
      return await work();
    } finally {
      this.ours--;
      this.#around.changed();
    }
  }

  #footprintOf({ kind, sql }: Turn): Footprint {
    if (kind === "commit") return this.#touched;
    if (kind === "rollback") return this.#touched;
    return goesBackToSavepoint(sql) ? anything : this.#around.footprint(sql);
  }

  #expectTurn(): Turn {
    if (this.#turn === undefined) throw new Error("the session does not wait for a turn");
    return this.#turn;
  }

  #become(state: SessionState): void {
    this.state = state;
    this.#around.changed();
  }
}

interface Turn {
  readonly kind: PointKind;
  readonly call: Call;
  readonly lane: Lane;
  readonly sql: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Statements that are committed by themselves whatever they count. */
const implicitCommit = /^\s*(?:create|alter|drop|truncate|call|do|merge|replace)\b/i;

/** PostgreSQL answers so to the COMMIT of a transaction in which a statement had failed. */
function rolledBackInstead({ raw }: Answer): boolean {
  return (raw as { readonly command?: unknown } | null | undefined)?.command === "ROLLBACK";
}

/** What InnoDB answers to the victim of a deadlock, so that code which tries again then does. */
function deadlockLike(error: DatabaseError): Error {
  return Object.assign(
    new Error(`Deadlock found when trying to get lock; try restarting transaction (${error.message})`),
    {
      code: "ER_LOCK_DEADLOCK",
      errno: 1213,
      sqlState: "40001",
    },
  );
}
