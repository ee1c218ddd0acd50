import { DatabaseError } from "../../clients/database-error.ts";
import { nextTurn } from "../../clock/event-loop.ts";
import { mayWrite } from "../../runner/hides-writes.ts";
import { touchesNoTable } from "../../runner/interleaved/footprint.ts";
import { StuckError } from "../../runner/interleaved/settle.ts";
import type { SessionState, Stepper } from "../../runner/interleaved/stepper.ts";
import type { TurnResult } from "../../runner/interleaved/turn.ts";
import type { Point, PointKind } from "../../scheduler/point.ts";
import { Arrivals } from "./arrivals.ts";
import { ConnectionWaits, type EndOfWait } from "./connection-waits.ts";
import type { Answer, Call, Holder } from "../instrument/call.ts";
import { runAs } from "../instrument/holder-context.ts";
import { isOpenOnServer, openFor, wasOpen, type Lane } from "./lanes.ts";
import { oneLine } from "../report/error-text.ts";
import { SessionTransactions, type TransactionSurroundings } from "./session-transactions.ts";
import { Repeats } from "./repeats.ts";
import type { ReadStatement, StatementReader } from "./statement-reader.ts";
import type { LoneWrite } from "./untried-overlaps.ts";
import type { UserTurn } from "./user-turn.ts";

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
export interface UserSurroundings extends TransactionSurroundings {
  readonly statements: StatementReader;
  /** The text that is sent for a statement. */
  readonly rewrite: (sql: string) => string;
  /** What is told of an answer to the application. */
  readonly retold: (call: Call, answer: Answer) => Answer;
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
  /** Statements that had their turn. */
  turns = 0;
  /** A statement of its code came by, to be prepared or sent, a step or none. */
  isSeen = false;
  /** Its code took longer than what waits for nothing does. */
  takesTime = false;
  /** Its code has asked for a statement while another one was under way. */
  several = false;
  /** A statement of its that commits itself and does several things in one go, the first of them. */
  opaque: string | undefined = undefined;
  /** Its writes that committed themselves (PostgreSQL), by their texts. */
  readonly loneWrites = new Map<string, LoneWrite>();
  readonly #around: UserSurroundings;
  readonly #transactions: SessionTransactions;
  readonly #waits = new ConnectionWaits();
  readonly #queue: UserTurn[] = [];
  #turn: UserTurn | undefined;
  readonly #repeats = new Repeats();
  /** Statements keep the order in which they were asked for, though their connections are ready sooner or later. */
  readonly #arrivals = new Arrivals();
  /** Statements that were sent on its behalf and that are no steps. */
  #business = 0;
  /** What it is told whatever it asks for, once its execution is over. */
  #refusal: Error | undefined;

  constructor(number: number, id: number, name: string, around: UserSurroundings) {
    this.number = number;
    this.id = id;
    this.name = name;
    this.#around = around;
    this.#transactions = new SessionTransactions(around);
  }

  /** Statements that were sent on its behalf and that are no steps, and connections that are being made. */
  get ours(): number {
    return this.#business + this.#waits.waiting - this.#waits.starved;
  }

  /** Waits for a connection of a pool that has none left. */
  get starved(): number {
    return this.#waits.starved;
  }

  /**
   * How many times in a row it has sent the same statement, and was answered the same, before the one that waits for its
   * turn, which is the same too.
   */
  get repeats(): number {
    return this.#turn === undefined || this.#turn.held !== undefined ? 0 : this.#repeats.before(this.#turn);
  }

  /** Statements of its code that wait for the one under way to come back. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Whether the statement that waits is in a transaction that its code has opened. */
  get isInTransaction(): boolean {
    return this.#turn?.lane.open === true && this.#turn.lane.alone === undefined;
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
      footprint: this.#transactions.footprintOf(this.#expectTurn()),
    };
  }

  /** Starts its code, which runs until it waits for its first turn. */
  start(code: () => unknown): void {
    this.#become("client");
    void nextTurn().then(() => {
      this.takesTime = this.ending === undefined;
    });
    void runAs(this, async () => await code())
      .then(
        (value): Ending => ({ type: "returned", value, committed: this.#transactions.committed }),
        (error: unknown): Ending => ({ type: "threw", error, committed: this.#transactions.committed }),
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
    this.isSeen = true;
    return this.#around.rewrite(sql);
  }

  awaitsConnection(full: boolean, giveUp?: (error: Error) => void): EndOfWait {
    const over = this.#waits.begin(full, giveUp, () => {
      if (this.state === "away") this.#become("client");
    });
    if (this.#refusal !== undefined) this.#waits.giveUp(this.#refusal);
    this.#around.changed();
    return over;
  }

  take(call: Call): Promise<Answer> {
    this.isSeen = true;
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    const { lanes } = this.#around;
    const lane = this.#arrivals.isClear ? lanes.ready(call.line) : undefined;
    if (lane !== undefined) return this.#takeOn(lane, call);
    const made = this.#ownBusiness(() => lanes.of(call.line));
    return this.#arrivals.begin(made, (ready) => this.#takeOn(ready, call));
  }

  #takeOn(lane: Lane, call: Call): Promise<Answer> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    if (lane.alone !== undefined) return lane.alone.over.then(() => this.#takeOn(lane, call));
    lane.user = this.number;
    const { role, isOpaque } = this.#read(call.sql);
    if (this.#isOfThePool(call, lane)) return this.#ownBusiness(() => call.send(call.sql));
    // In PostgreSQL a question takes the snapshot of its transaction, though it reads no table.
    const isStep = role === "question" && lane.open && lane.line.dialect === "postgres";
    if (role === "begin" || role === "setting" || (role === "question" && !isStep))
      return this.#atOnce(call, lane, role);
    lane.used = true;
    const kind = role === "work" || role === "question" ? "query" : role;
    // An end that ends nothing is no step: the server only says that there was nothing.
    if (kind !== "query" && !lane.begun) return this.#emptyEnd(call, lane);
    this.several ||= this.#turn !== undefined || this.ours > 0 || this.starved > 0;
    if (kind === "query" && isOpaque) this.opaque ??= call.sql;
    lane.pending++;
    const turn = new Promise<Answer>((resolve, reject) => {
      this.#queue.push({ kind, call, lane, sql: call.sql, resolve, reject });
      if (this.#turn === undefined && this.state !== "executing") this.#nextTurn();
    });
    const over = (): void => {
      lane.pending--;
    };
    turn.then(over, over);
    return turn;
  }

  grant(): void {
    const turn = this.#expectTurn();
    const { lane, call } = turn;
    this.turns++;
    this.deferredAt = undefined;
    this.result = undefined;
    if (turn.held !== undefined) {
      this.#commits(turn);
      return;
    }
    this.#repeats.sent(turn);
    const sql = this.#around.rewrite(turn.sql);
    const isLone = turn.kind === "query" && !lane.open && !lane.locksTables && lane.pending === 1;
    const opens = isLone && this.#read(sql).readsAndWrites;
    if (isLone && lane.line.dialect === "postgres" && mayWrite(sql))
      this.loneWrites.set(sql, { name: this.name, sql, isOpened: opens });
    if (opens) openFor(lane);
    if (lane.announced !== undefined) this.#around.sent(this, lane.announced, []);
    lane.announced = undefined;
    this.#transactions.sends(turn);
    this.#around.sent(this, sql, call.params);
    this.#become("executing");
    const text = this.#watched(turn, sql);
    (opens ? this.#opened(lane).then(() => call.send(text)) : call.send(text)).then(
      (given) => {
        const looking = this.#transactions.looks(turn);
        if (looking === undefined) this.#answered(turn, given);
        else
          void looking.then(() => {
            this.#answered(turn, given);
          });
      },
      (raw: unknown) => {
        void this.#failed(turn, raw);
      },
    );
  }

  #answered(turn: UserTurn, given: Answer): void {
    const answer = this.#transactions.succeeded(turn, given);
    this.#returned({ value: this.#around.retold(turn.call, answer) });
  }

  /** Opens a transaction for a statement that would commit itself, unless the server knows better than its text tells. */
  async #opened(lane: Lane): Promise<void> {
    if (await isOpenOnServer(lane.line)) wasOpen(lane);
    else await lane.line.ask("BEGIN");
  }

  /** A statement that commits itself is undone when it fails. */
  async #failed(turn: UserTurn, raw: unknown): Promise<void> {
    const { lane } = turn;
    const error = this.#transactions.failed(turn, raw);
    if (lane.alone !== undefined) {
      await lane.line.ask("ROLLBACK").catch(() => undefined);
      this.#transactions.givesUp(lane);
    }
    this.#returned({ error });
  }

  /** Commits the statement that would have done so by itself. */
  #commits(turn: UserTurn): void {
    this.#around.sent(this, "COMMIT (by itself)", []);
    this.#become("executing");
    turn.lane.line.ask("COMMIT").then(
      (rows) => {
        this.#returned({ value: this.#transactions.succeeded(turn, { rows, affected: 0, raw: undefined }) });
      },
      (error: unknown) => {
        this.#returned({ error: this.#transactions.failed(turn, error) });
      },
    );
  }

  /** @throws StuckError where a part of what it has done has remained */
  takeBack(endedTransactions: number): void {
    const { sql, kind, lane } = this.#expectTurn();
    if (kind === "query" && this.#read(sql).isOpaque)
      throw new StuckError(
        `\`${oneLine(sql)}\` of ${this.name} waited for a lock while another session did so too, where only one can wait at a time, and does several things in one go, which cannot be taken back`,
      );
    this.#around.rows?.takenBack(lane.line);
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
    if (turn.held === undefined) this.#repeats.answered(result);
    if (turn.lane.alone !== undefined && turn.kind === "query" && !("error" in result)) {
      this.#turn = { ...turn, kind: "commit", held: result.value as Answer };
      this.result = undefined;
      this.#become("ready");
      return;
    }
    this.#transactions.told(turn);
    this.#release(() => {
      if ("error" in result)
        turn.reject(result.error instanceof DatabaseError ? result.error.cause : result.error);
      else turn.resolve(turn.held ?? (result.value as Answer));
    });
  }

  /** As the server would end it in a deadlock: all of the transaction is rolled back. */
  refuse(error: DatabaseError): void {
    const turn = this.#expectTurn();
    const { lane } = turn;
    this.deferredAt = undefined;
    this.#around.sent(this, "ROLLBACK", []);
    this.#transactions.givesUp(lane);
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
    this.#waits.giveUp(error);
  }

  /**
   * What a pool asks over a fresh connection before it hands it over, which touches no table of the application's. What
   * does may be the code's own, over another connection than the one that it waits for.
   */
  #isOfThePool({ sql }: Call, lane: Lane): boolean {
    if (this.#waits.waiting === 0 || lane.used || lane.open) return false;
    return touchesNoTable(this.#around.footprint(sql));
  }

  /** Where there are triggers, functions or the like, it is not even known of a question about nothing what it touches. */
  #read(sql: string): ReadStatement {
    const { statements, footprint } = this.#around;
    return statements.read(sql, footprint("select 1").tables === "all");
  }

  async #atOnce(call: Call, lane: Lane, role: "begin" | "setting" | "question"): Promise<Answer> {
    const sql = this.#around.rewrite(call.sql);
    const answer = await this.#ownBusiness(() => call.send(sql));
    this.#transactions.wasSet(lane, role, sql);
    return answer;
  }

  async #emptyEnd(call: Call, lane: Lane): Promise<Answer> {
    lane.announced = undefined;
    this.#transactions.ends(lane, call.sql);
    return this.#ownBusiness(() => call.send(call.sql));
  }

  /** The text to send for a turn. */
  #watched({ kind, lane, call }: UserTurn, sql: string): string {
    const { rows } = this.#around;
    if (rows === undefined || kind !== "query") return sql;
    const { number: session, name: f } = this;
    const { params, filledIn } = call;
    return rows.sends({ session, f, line: lane.line, open: lane.open, sql, params, filledIn });
  }

  #returned(result: TurnResult): void {
    this.result = result;
    this.#around.changed();
  }

  /** Lets its code go on, and then puts forward what it had asked for before. */
  #release(hand: () => void): void {
    this.#turn = undefined;
    this.result = undefined;
    this.#become("client");
    hand();
    if (this.#queue.length === 0 && this.ending === undefined) return;
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
    this.#business++;
    try {
      return await work();
    } finally {
      this.#business--;
      this.#around.changed();
    }
  }

  #expectTurn(): UserTurn {
    if (this.#turn === undefined) throw new Error("the session does not wait for a turn");
    return this.#turn;
  }

  #become(state: SessionState): void {
    this.state = state;
    this.#around.changed();
  }
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
