import type { Connection } from "../../clients/database.ts";
import { DatabaseError } from "../../clients/database-error.ts";
import type { Watcher } from "../../clients/watcher.ts";
import type { PlanEntry } from "../../generators/plan.ts";
import { stream } from "../../random/rng.ts";
import type { Footprint, Point, PointKind } from "../../scheduler/point.ts";
import { runAttempt, type Ending } from "../attempt.ts";
import { triesAgain } from "../backoff.ts";
import { connected } from "../connected.ts";
import type { RunContext } from "../run-context.ts";
import { anything, nothing, union } from "./footprint.ts";
import { SteppedConnection, type OnSent } from "./stepped-connection.ts";
import type { SessionState, Stepper } from "./stepper.ts";
import type { Turn, TurnResult } from "./turn.ts";

/** What a session needs from the execution it is part of. */
export interface SessionSurroundings {
  readonly context: RunContext;
  readonly sessions: number;
  readonly stop: AbortSignal;
  readonly footprint: (sql: string) => Footprint;
  readonly watcher: Watcher;
  /** A connection that is open from an earlier schedule, if there is one. */
  readonly inherited: Connection | undefined;
  /** Called whenever the state has changed. */
  readonly changed: () => void;
  readonly started: (entry: PlanEntry) => void;
  readonly completed: (type: Ending["type"]) => void;
  readonly sent: (session: SteppedSession, sql: string, params: readonly unknown[]) => void;
}

/**
 * One session of an interleaved execution: it carries out its share of the plan through the same
 * transaction bodies as a free-running one, but every statement waits until it is granted.
 */
export class SteppedSession implements Stepper {
  readonly number: number;
  state: SessionState = "client";
  /** What broke its code; set when it has finished. */
  failure: unknown = undefined;
  /** The operation at hand. */
  entry: PlanEntry | undefined = undefined;
  /** Set while the statement that waits for its turn was taken back, to how many transactions had ended then. */
  deferredAt: number | undefined = undefined;
  /** Its waits for locks end by themselves, until its transaction or the attempt ends. */
  armed = false;
  result: TurnResult | undefined = undefined;
  readonly #around: SessionSurroundings;
  #phase = 0;
  #process: number;
  #attempt = 0;
  #begins = false;
  #invoke: (() => void) | undefined;
  #connection: Connection | undefined;
  #turn: Turn | undefined;
  #settle: ((result: TurnResult) => void) | undefined;
  #touched: Footprint = nothing;
  #openGate: (() => void) | undefined;

  constructor(number: number, around: SessionSurroundings) {
    this.number = number;
    this.#process = number;
    this.#around = around;
    this.#connection = around.inherited;
  }

  /** The session's id on the server; undefined while it has no connection. */
  get serverId(): number | undefined {
    return this.#connection?.usable === true ? this.#connection.sessionId : undefined;
  }

  /** Its connection, for whoever uses it after the session has finished. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Whether its operation has begun and not ended. */
  get inFlight(): boolean {
    return this.entry !== undefined && !this.#begins;
  }

  /** What it executes or waits for a turn to do. */
  get doing(): PointKind | undefined {
    return this.#turn?.kind;
  }

  get isInTransaction(): boolean {
    return this.#turn?.isInTransaction === true;
  }

  /** Where it stands; only while it is ready. */
  get point(): Point {
    const turn = this.#expectTurn();
    return {
      session: this.number,
      operation: this.entry?.id ?? 0,
      attempt: this.#attempt,
      kind: turn.kind,
      sql: turn.sql,
      first: turn.first,
      begins: this.#begins,
      footprint: this.#footprintOf(turn),
    };
  }

  /** Starts its code, which runs until it waits for its first turn. */
  start(entries: readonly PlanEntry[]): void {
    this.#run(entries)
      .catch((error: unknown) => {
        // A session that was told to stop while it had no connection says so with the stop itself.
        if (error !== this.#around.stop.reason) this.failure = error;
      })
      .finally(() => {
        this.entry = undefined;
        this.#become("finished");
      });
  }

  /** Lets a held session go on with the next phase. */
  openPhase(phase: number): void {
    this.#phase = phase;
    const open = this.#openGate;
    this.#openGate = undefined;
    if (open !== undefined) {
      this.#become("client");
      open();
    }
  }

  /**
   * Lets it execute what it waits for. The invocation is recorded before anything is sent.
   *
   * @param onReturn called when what it executed has come back
   */
  grant(onReturn: () => void = () => undefined): void {
    const turn = this.#expectTurn();
    this.#begins = false;
    this.#invoke?.();
    this.#invoke = undefined;
    this.deferredAt = undefined;
    this.result = undefined;
    if (turn.kind === "query") this.#touched = union(this.#touched, this.#footprintOf(turn));
    this.#become("executing");
    this.#carryOut(turn)
      .finally(onReturn)
      .then(
        (value) => {
          this.#returned({ value });
        },
        (error: unknown) => {
          this.#returned({ error: error instanceof Error ? error : new Error(String(error)) });
        },
      );
  }

  /** Puts the statement back that was executing, to be granted again. */
  takeBack(endedTransactions: number): void {
    this.result = undefined;
    this.deferredAt = endedTransactions;
    this.#become("ready");
  }

  /** Whether what it executed has come back. */
  hasReturned(): boolean {
    return this.result !== undefined;
  }

  /** Hands the result to the session's code, which runs on. */
  deliver(): void {
    const { result } = this;
    if (result === undefined) throw new Error("nothing has come back yet");
    this.#answer(result);
  }

  /** Ends what it waits for with an error, without sending anything. */
  refuse(error: DatabaseError): void {
    this.deferredAt = undefined;
    this.#begins = false;
    this.#invoke?.();
    this.#invoke = undefined;
    this.#answer({ error });
  }

  async #run(entries: readonly PlanEntry[]): Promise<void> {
    for (const entry of entries) {
      const phase = entry.phase ?? 0;
      if (phase > this.#phase) await this.#hold();
      if (this.#around.stop.aborted) return;
      this.entry = entry;
      await this.#perform(entry);
    }
  }

  async #perform(entry: PlanEntry): Promise<void> {
    const { context, stop, sessions } = this.#around;
    for (this.#attempt = 0; ; this.#attempt++) {
      const connection = await this.#connect();
      this.#touched = nothing;
      this.#begins = true;
      const ending = await runAttempt(context, connection, {
        process: this.#process,
        planned: entry,
        id: `${entry.id}.${this.#attempt}`,
        think: () =>
          this.#take({
            kind: "think",
            sql: null,
            first: false,
            isInTransaction: false,
            run: () => Promise.resolve(),
          }).then(),
        whenInvoked: (record) => {
          this.#invoke = () => {
            if (this.#attempt === 0) this.#around.started(entry);
            record();
          };
        },
      });
      this.#around.completed(ending.type);
      if (ending.type === "ok") return;
      if (ending.type === "info") {
        this.#process += sessions;
        await this.#connection?.close();
        return;
      }
      const { retry } = context;
      if (retry === undefined || stop.aborted || !triesAgain(retry, ending.error.cause, this.#attempt + 1))
        return;
    }
  }

  async #connect(): Promise<SteppedConnection> {
    const { context, stop, watcher } = this.#around;
    const before = this.#connection;
    const connection = await connected(context, before, stream(context.seed, `retry/${this.number}`), stop);
    this.#connection = connection;
    if (connection !== before) for (const sql of watcher.prepare) await connection.query(sql);
    else if (this.armed) await this.#disarm();
    this.armed = false;
    const sent: OnSent = (sql, params) => {
      this.#around.sent(this, sql, params);
    };
    return new SteppedConnection(connection, context.isolation, (turn) => this.#take(turn), sent);
  }

  /**
   * PostgreSQL takes back what was SET in a transaction that is rolled back, MariaDB does not: here both do. What
   * lost its connection has come back when the server has forgotten the session, and let go of what it held.
   */
  async #carryOut(turn: Turn): Promise<unknown> {
    const id = this.serverId;
    try {
      return await turn.run();
    } catch (error) {
      if (id !== undefined && isLoss(error))
        await this.#around.context.database.killAndWait(id).catch(() => undefined);
      throw error;
    } finally {
      if (this.armed && (turn.kind === "rollback" || turn.kind === "commit")) await this.#disarm();
    }
  }

  async #disarm(): Promise<void> {
    this.armed = false;
    // If that fails the connection is lost, which whoever uses it next is told.
    await this.#connection?.query(this.#around.watcher.disarmLockTimeout).catch(() => undefined);
  }

  #take(turn: Turn): Promise<unknown> {
    if (this.#turn !== undefined)
      return Promise.reject(new Error("Two calls overlap on one session: await each before the next."));
    this.#turn = turn;
    return new Promise((resolve, reject) => {
      this.#settle = (result) => {
        if ("error" in result) reject(result.error);
        else resolve(result.value);
      };
      this.#become("ready");
    });
  }

  #returned(result: TurnResult): void {
    this.result = result;
    this.#around.changed();
  }

  #answer(result: TurnResult): void {
    const settle = this.#settle;
    const kind = this.#turn?.kind;
    if (kind === "commit" || kind === "rollback") this.#touched = nothing;
    this.#turn = undefined;
    this.#settle = undefined;
    this.result = undefined;
    this.#become("client");
    settle?.(result);
  }

  #hold(): Promise<void> {
    return new Promise((resolve) => {
      this.#openGate = resolve;
      this.#become("held");
    });
  }

  #footprintOf(turn: Turn): Footprint {
    switch (turn.kind) {
      case "think":
        return nothing;
      case "query":
        return turn.sql === null ? anything : this.#around.footprint(turn.sql);
      case "commit":
      case "rollback":
        return this.#touched;
    }
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

function isLoss(error: unknown): boolean {
  return error instanceof DatabaseError && error.fields.connectionLost;
}
