import type { Connection, QueryResult } from "../../clients/database.ts";
import { DatabaseError } from "../../clients/database-error.ts";
import type { Watcher } from "../../clients/watcher.ts";
import type { Clock } from "../../clock/clock.ts";
import type { IsolationLevel } from "../../history/header.ts";
import { serverRefusals } from "../../workload/retry.ts";
import type { AnsweredRow, PlayedStep, ScheduleStep, StepAnswer } from "./schedule.ts";

/** Where schedules are played. */
export interface Players {
  /** Session n is at n - 1. */
  readonly connections: readonly Connection[];
  readonly isolation: IsolationLevel;
  readonly watcher: Pick<Watcher, "waiting">;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

const pollMs = 2;

/**
 * Sends the statements of several sessions one at a time, in the order of the schedule: the next one goes when all
 * that were sent are answered, or wait for a lock as the server says. What a waiting session does next comes when it
 * goes on. A transaction that the server refuses is over, and the rest of it is skipped.
 *
 * @returns the steps in the order of the schedule; all transactions have ended. When `stop` was aborted, undefined,
 * and the connections are of no use any more
 * @throws DatabaseError for what is no refusal
 */
export async function play(
  schedule: readonly ScheduleStep[],
  players: Players,
): Promise<readonly PlayedStep[] | undefined> {
  const stage = new Playing(players);
  const open = [...schedule.entries()];
  const played = new Map<number, PlayedStep>();
  const refused = new Set<number>();
  while (open.length > 0) {
    if (players.stop.aborted) return undefined;
    const next = open.findIndex(([, { session }]) => !stage.isBusy(session));
    if (next < 0) {
      await stage.settle(true);
      continue;
    }
    const [[at, step]] = open.splice(next, 1) as [[number, ScheduleStep]];
    if (refused.has(step.session)) {
      played.set(at, { ...step, waited: false, answer: { kind: "skipped" } });
      continue;
    }
    stage.send(step, (answer, waited) => {
      if (answer.kind === "refused") refused.add(step.session);
      played.set(at, { ...step, waited, answer });
    });
    await stage.settle(false);
  }
  while (stage.busy.length > 0) {
    if (players.stop.aborted) return undefined;
    await stage.settle(true);
  }
  stage.rethrow();
  return schedule.flatMap((_, at) => played.get(at) ?? []);
}

/** Statements that were sent and are not answered. */
class Playing {
  readonly #players: Players;
  readonly #waiting = new Map<number, { waited: boolean }>();
  readonly #errors: unknown[] = [];

  constructor(players: Players) {
    this.#players = players;
  }

  get busy(): readonly number[] {
    return [...this.#waiting.keys()];
  }

  isBusy(session: number): boolean {
    return this.#waiting.has(session);
  }

  send(step: ScheduleStep, answered: (answer: StepAnswer, waited: boolean) => void): void {
    const state = { waited: false };
    this.#waiting.set(step.session, state);
    this.#answer(step).then(
      (answer) => {
        this.#waiting.delete(step.session);
        answered(answer, state.waited);
      },
      (error: unknown) => {
        this.#waiting.delete(step.session);
        this.#errors.push(error);
      },
    );
  }

  /**
   * Waits until each statement is answered or waits for a lock.
   * @param further until at least one more is answered, too: all that is left is to wait
   */
  async settle(further: boolean): Promise<void> {
    const { clock, watcher, stop } = this.#players;
    const before = this.#waiting.size;
    while (this.#waiting.size > 0 && !stop.aborted) {
      this.rethrow();
      const ids = new Map(this.busy.map((session) => [this.#connection(session).sessionId, session]));
      const waiting = await watcher.waiting([...ids.keys()]);
      for (const [id, session] of ids) {
        const state = this.#waiting.get(session);
        if (state !== undefined && waiting.has(id)) state.waited = true;
      }
      const settled = [...ids].every(([id, session]) => !this.isBusy(session) || waiting.has(id));
      if (settled && (!further || this.#waiting.size < before)) break;
      await clock.sleep(pollMs);
    }
    this.rethrow();
  }

  /** @throws what was no refusal */
  rethrow(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }

  #connection(session: number): Connection {
    const connection = this.#players.connections[session - 1];
    if (connection === undefined) throw new Error(`a schedule has more sessions than there are: ${session}`);
    return connection;
  }

  async #answer({ session, sql }: ScheduleStep): Promise<StepAnswer> {
    const connection = this.#connection(session);
    try {
      switch (sql) {
        case "begin":
          await connection.begin(this.#players.isolation);
          return { kind: "done" };
        case "commit":
          await connection.commit();
          return { kind: "done" };
        case "rollback":
          await connection.rollback();
          return { kind: "done" };
        default:
          return answerOf(sql, await connection.query(sql));
      }
    } catch (error) {
      if (!(error instanceof DatabaseError) || !serverRefusals.includes(error.fields.cause)) throw error;
      await connection.rollback();
      return { kind: "refused", cause: error.fields.cause };
    }
  }
}

function answerOf(sql: string, { rows, affected }: QueryResult): StepAnswer {
  if (!sql.startsWith("select")) return { kind: "affected", affected };
  return { kind: "rows", rows: rows.map(rowOf) };
}

/** A row of the table, whatever the driver makes of numbers. */
export function rowOf({ id, value }: Readonly<Record<string, unknown>>): AnsweredRow {
  return { id: Number(id), value: Number(value) };
}
