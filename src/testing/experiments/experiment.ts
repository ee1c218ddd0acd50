import type { IsolationLevel } from "../../history/header.ts";
import type { Answer, Call } from "../instrument/call.ts";

/** What is different about the code under test in some executions: how it is weakened, or mended. */
export interface Experiment {
  /** Of every connection, where a transaction does not choose its own; the server's default when undefined. */
  readonly level: IsolationLevel | undefined;
  /** The text that is sent for a statement. */
  readonly rewrite: (sql: string) => string;
  /** What the application is told of an answer. */
  readonly retold: (call: Call, answer: Answer) => Answer;
  /** How a session's function is run. */
  readonly around: (run: () => unknown) => () => unknown;
}

/** The code as it is. */
export function asItIs(level: IsolationLevel | undefined): Experiment {
  return { level, rewrite: (sql) => sql, retold: (_, answer) => answer, around: (run) => run };
}
