import type { AnsweredRow, Played } from "./schedule.ts";

/** A row as it was read. */
export type Outcome = AnsweredRow;

/** Whether all of these sessions committed. */
export function committed({ steps }: Played, ...sessions: readonly number[]): boolean {
  return sessions.every((session) =>
    steps.some((step) => step.session === session && step.sql === "commit" && step.answer.kind === "done"),
  );
}

/** All rows that a session read, in order. */
export function reads({ steps }: Played, session: number): readonly Outcome[] {
  return steps.flatMap((step) =>
    step.session === session && step.answer.kind === "rows" ? step.answer.rows : [],
  );
}

/** How many rows a session's writes changed in all. */
export function affected({ steps }: Played, session: number): number {
  return steps.reduce(
    (sum, step) =>
      step.session === session && step.answer.kind === "affected" ? sum + step.answer.affected : sum,
    0,
  );
}

/** The values that are left, by id, as `11,22`. */
export function final({ rest }: Played): string {
  return rest.map(({ value }) => value).join(",");
}
