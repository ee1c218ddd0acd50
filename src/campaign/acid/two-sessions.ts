import type { Connection, Database } from "../../clients/database.ts";
import { DatabaseError } from "../../clients/database-error.ts";
import type { Watcher } from "../../clients/watcher.ts";
import type { Clock } from "../../clock/clock.ts";
import type { IsolationLevel } from "../../history/header.ts";
import type { AcidStep } from "./acid-report.ts";

/** What a statement showed: the first column of its first row as text, null where there is none. */
export type Shown = string | null;

/** A statement that was sent. */
export interface Sent {
  /** Its answer, once it comes. */
  readonly shown: Promise<Shown>;
}

/** Two sessions at one level whose statements are sent in a fixed order, and the record of it. */
export interface TwoSessions {
  begin(session: "A" | "B"): Promise<void>;
  /** Sends a statement and waits for its answer. */
  query(session: "A" | "B", sql: string): Promise<Shown>;
  /** Sends a statement, and waits until it is answered or the server says that it waits for a lock. */
  send(session: "A" | "B", sql: string): Promise<Sent>;
  end(session: "A" | "B", how: "commit" | "rollback"): Promise<void>;
  readonly steps: readonly AcidStep[];
}

const pollMs = 2;

/** Opens two sessions, plays a schedule with them, and closes them whatever happens. */
export async function withTwoSessions<T>(
  database: Database,
  around: { readonly isolation: IsolationLevel; readonly watcher: Watcher; readonly clock: Clock },
  play: (sessions: TwoSessions) => Promise<T>,
): Promise<T> {
  const { isolation, watcher, clock } = around;
  const connections: Connection[] = [];
  try {
    connections.push(await database.connect(isolation), await database.connect(isolation));
    const [a, b] = connections;
    if (a === undefined || b === undefined) throw new Error("two connections were opened");
    return await play(sessionsOn({ A: a, B: b }, isolation, watcher, clock));
  } finally {
    for (const connection of connections) await connection.close();
  }
}

function sessionsOn(
  connections: Readonly<Record<"A" | "B", Connection>>,
  isolation: IsolationLevel,
  watcher: Watcher,
  clock: Clock,
): TwoSessions {
  const steps: AcidStep[] = [];
  /** A line is taken where a statement is sent, and filled in when its answer is there. */
  const recorded = async (
    session: "A" | "B",
    sql: string,
    work: (connection: Connection) => Promise<Shown>,
  ): Promise<Shown> => {
    const at = steps.push({ session, sql }) - 1;
    const fill = (more: Partial<AcidStep>): void => {
      steps[at] = { session, sql, ...steps[at], ...more };
    };
    try {
      const shown = await work(connections[session]);
      if (shown !== null) fill({ shown });
      return shown;
    } catch (error) {
      if (error instanceof DatabaseError) fill({ refused: error.fields.cause });
      throw error;
    }
  };
  const query = (session: "A" | "B", sql: string): Promise<Shown> =>
    recorded(session, sql, (connection) => connection.query(sql).then(firstValue));
  const nothing = (): null => null;
  return {
    steps,
    begin: async (session) => {
      await recorded(session, "begin", (connection) => connection.begin(isolation).then(nothing));
    },
    query,
    send: async (session, sql) => {
      const at = steps.length;
      const shown = query(session, sql);
      const id = connections[session].sessionId;
      const waited = await waits(shown, async () => (await watcher.waiting([id])).has(id), clock);
      if (waited) steps[at] = { session, sql, ...steps[at], waited };
      return { shown };
    },
    end: async (session, how) => {
      await recorded(session, how, (connection) => connection[how]().then(nothing));
    },
  };
}

/** Whether the server says that a statement waits, before it answers it. */
async function waits(
  answer: Promise<unknown>,
  isWaiting: () => Promise<boolean>,
  clock: Clock,
): Promise<boolean> {
  const state = { isAnswered: false };
  const answered = (): void => {
    state.isAnswered = true;
  };
  answer.then(answered, answered);
  while (!state.isAnswered) {
    if (await isWaiting()) return true;
    await clock.sleep(pollMs);
  }
  return false;
}

function firstValue({ rows }: { readonly rows: readonly Readonly<Record<string, unknown>>[] }): Shown {
  const [value] = Object.values(rows[0] ?? {});
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "bigint";
  return isPlain ? String(value) : null;
}
