import { movesStrategy } from "../../scheduler/moves-strategy.ts";
import type { Strategy } from "../../scheduler/strategy.ts";

/**
 * Repeats whose turn it was, one session for each pick. Steps that nobody picks, as when one session is rolled back so
 * that the others can go on, come by themselves. `pick` throws `ScheduleDivergence` as `movesStrategy` does, with the
 * number of the turn.
 */
export function turnsStrategy(sessions: readonly number[]): Strategy {
  const moves = movesStrategy(sessions.map((session) => ({ kind: "grant", session })));
  let turn = 0;
  return {
    ...moves,
    begin: () => {
      turn = 0;
    },
    pick: (choice) => moves.pick({ ...choice, step: turn++ }),
  };
}
