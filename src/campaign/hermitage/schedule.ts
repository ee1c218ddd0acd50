/** One step of a fixed schedule: a statement of one session, by its number from 1. */
export interface ScheduleStep {
  readonly session: number;
  /** `begin`, `commit`, `rollback`, or SQL. */
  readonly sql: string;
}

/** What a statement came to. */
export type StepAnswer =
  | { readonly kind: "rows"; readonly rows: readonly AnsweredRow[] }
  /** Rows that a write changed. */
  | { readonly kind: "affected"; readonly affected: number }
  | { readonly kind: "done" }
  /** The server refused it, by our word for the cause, and rolled the transaction back. */
  | { readonly kind: "refused"; readonly cause: string }
  /** Its transaction had been refused before. */
  | { readonly kind: "skipped" };

/** A row of the table `test`. */
export interface AnsweredRow {
  readonly id: number;
  readonly value: number;
}

/** A step as it was carried out. */
export interface PlayedStep extends ScheduleStep {
  /** It had to wait for another session. */
  readonly waited: boolean;
  readonly answer: StepAnswer;
}

/** What a schedule came to: the steps in the order of the schedule, and the table afterwards. */
export interface Played {
  readonly steps: readonly PlayedStep[];
  /** By id. */
  readonly rest: readonly AnsweredRow[];
}

/**
 * A schedule in a short notation, steps separated by blanks and bars: `1: begin | 1: select … | 2: commit`.
 * @throws Error for a step that is none
 */
export function steps(text: string): readonly ScheduleStep[] {
  return text.split("|").map((step) => {
    const [, session, sql = ""] = /^\s*(\d): (.*?)\s*$/s.exec(step) ?? [];
    if (session === undefined) throw new Error(`no step of a schedule: "${step}"`);
    return { session: Number(session), sql };
  });
}
