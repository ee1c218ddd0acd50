import type { Plan } from "../../generators/plan.ts";

/** A plan whose operations are functions: one for each session. */
export function racePlan(seed: string, functions: readonly number[]): Plan {
  return {
    seed,
    exhausted: true,
    sessions: functions.map((id, session) => [{ id, session, f: String(id), args: {} }]),
  };
}
