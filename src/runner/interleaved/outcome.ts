import type { QueryResult } from "../../clients/database.ts";
import { DatabaseError } from "../../clients/database-error.ts";
import type { StepOutcome } from "../../scheduler/schedule.ts";
import type { TracedResult } from "../../scheduler/trace.ts";
import type { TurnResult } from "./turn.ts";

/** What came of a statement, as the schedule keeps it. */
export function outcomeOf(session: number, result: TurnResult | undefined): StepOutcome {
  if (result === undefined) return { session, done: true };
  if ("error" in result) {
    const { error } = result;
    const fields = error instanceof DatabaseError ? error.fields : undefined;
    return { session, error: fields?.code ?? fields?.cause ?? "exception" };
  }
  const answer = answerOf(result.value);
  if (answer === undefined) return { session, done: true };
  return answer.affected > 0 ? { session, affected: answer.affected } : { session, rows: answer.rows.length };
}

/** The same for people, with all that was read; undefined where nothing went to the server. */
export function tracedResult(result: TurnResult | undefined): TracedResult | undefined {
  if (result === undefined) return undefined;
  if ("error" in result) {
    const { error } = result;
    if (!(error instanceof DatabaseError)) return { error: { cause: "exception", message: String(error) } };
    const { cause, code } = error.fields;
    return { error: { cause, message: error.message, ...(code === undefined ? {} : { code }) } };
  }
  const answer = answerOf(result.value);
  if (answer === undefined) return { affected: 0 };
  return answer.rows.length > 0 || answer.affected === 0
    ? { rows: answer.rows }
    : { affected: answer.affected };
}

/** What a statement answered; undefined for what is no statement. */
export function answerOf(value: unknown): QueryResult | undefined {
  return typeof value === "object" && value !== null && "rows" in value ? (value as QueryResult) : undefined;
}
