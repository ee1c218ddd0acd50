import { granted } from "./move.ts";
import type { Schedule } from "./schedule.ts";
import { stayOn } from "./stay-on.ts";
import type { Choice, Strategy } from "./strategy.ts";

/** A wish that a session goes on by one step: named by its number, or by the planned operation it is at. */
export type Turn = { readonly session: number } | { readonly operation: number };

/**
 * Follows a list of turns as far as an execution allows, for schedules that were cut to see what of
 * them matters. A turn that cannot be had, because its session is blocked or done or its operation is
 * not the one a ready session is at, is passed over for good; after the list {@link stayOn} decides.
 * Always answers a ready session, executes one schedule, and never throws.
 */
export function guidedStrategy(turns: readonly Turn[]): Strategy {
  let next = 0;
  return {
    name: "guided",
    begin: () => {
      next = 0;
    },
    pick: (choice) => {
      let session: number | undefined;
      while (session === undefined && next < turns.length) {
        session = sessionFor(turns[next], choice);
        next += 1;
      }
      return { kind: "grant", session: session ?? stayOn(choice) };
    },
    end: () => false,
  };
}

/** The turns of a schedule: its grants in order, of an overlap both, of a fault none. */
export function turnsOf(schedule: Schedule, by: "session" | "operation"): Turn[] {
  return schedule.steps.flatMap(({ move, points }) =>
    granted(move).map((session, index) => {
      const operation = points[index]?.operation;
      return by === "operation" && operation !== undefined ? { operation } : { session };
    }),
  );
}

function sessionFor(turn: Turn | undefined, { ready }: Choice): number | undefined {
  if (turn === undefined) return undefined;
  return ready.find((point) =>
    "session" in turn ? point.session === turn.session : point.operation === turn.operation,
  )?.session;
}
