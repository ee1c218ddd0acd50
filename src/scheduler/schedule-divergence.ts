/** What an execution offers at a step, as far as it is compared with what is known of the step. */
export interface Situation {
  readonly ready: readonly number[];
  readonly blocked: readonly number[];
  /** What the ready sessions are about to do, where the numbers alone do not tell the two apart. */
  readonly points?: readonly string[];
}

/**
 * An execution that was to repeat another one left it: the server, the transactions or the code that
 * runs them were not deterministic, or they are no longer the same.
 */
export class ScheduleDivergence extends Error {
  override readonly name = "ScheduleDivergence";
  /** The first step at which the two differ. */
  readonly step: number;
  /** What was known of the step; `end`: that there is none. */
  readonly expected: Situation | "end";
  readonly found: Situation | "end";

  constructor(step: number, expected: Situation | "end", found: Situation | "end") {
    super(
      `The execution left the schedule that it repeats at step ${step}: expected ${describe(expected)}, ` +
        `found ${describe(found)}; make sure that the transactions and the server are those of the first ` +
        "execution and that nothing else works on its data, then repeat it.",
    );
    this.step = step;
    this.expected = expected;
    this.found = found;
  }
}

function describe(situation: Situation | "end"): string {
  if (situation === "end") return "the end of the schedule";
  const { ready, blocked, points } = situation;
  const waiting = blocked.length === 0 ? "none blocked" : `${sessionList(blocked)} blocked`;
  const about = points === undefined ? "" : ` (${points.join("; ")})`;
  return `${sessionList(ready)} ready and ${waiting}${about}`;
}

/** `no session`, `session 2` or `sessions 0, 2`. */
export function sessionList(sessions: readonly number[]): string {
  if (sessions.length === 0) return "no session";
  return `${sessions.length === 1 ? "session" : "sessions"} ${sessions.join(", ")}`;
}
