import { stepsOf } from "../reproduction/read-repro.ts";

/** One row of a reproduction: a statement of a session, or (without one) what happened to it. */
export interface LockStep {
  readonly session: string;
  /** Without the `;`; empty where only something is told. */
  readonly sql: string;
  /** What was answered. */
  readonly notes: readonly string[];
}

const interleaving = /^-- ---- The interleaving.*$/m;
const nextPart = /^-- ---- At rest/m;

/**
 * The interleaving of a `repro.sql`, row by row: without set-up, reads at rest and clean-up. A note that a waiting
 * session goes on is a row of that session. Undefined where the text is not laid out so.
 */
export function lockSteps(sql: string): readonly LockStep[] | undefined {
  const start = interleaving.exec(sql);
  if (start === null) return undefined;
  const body = sql.slice(start.index + start[0].length);
  const end = nextPart.exec(body);
  const [firstLine = ""] = sql.split("\n", 1);
  try {
    const steps = stepsOf(`${firstLine}\n${end === null ? body : body.slice(0, end.index)}`);
    return steps.flatMap(({ session, sql: statement, notes }) => rowsOf(session, statement, notes));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function rowsOf(session: string, sql: string, notes: readonly string[]): readonly LockStep[] {
  const rows: { session: string; sql: string; notes: string[] }[] = [{ session, sql, notes: [] }];
  for (const note of notes) {
    const other = /^(\w+) goes on: /.exec(note)?.[1];
    if (other !== undefined) rows.push({ session: other, sql: "", notes: [note] });
    else rows.at(-1)?.notes.push(note);
  }
  return rows;
}
