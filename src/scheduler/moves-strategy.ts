import type { Move } from "./move.ts";
import { granted } from "./move.ts";
import { situationOf } from "./replay-strategy.ts";
import { ScheduleDivergence } from "./schedule-divergence.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Repeats moves by the number of their step, where nothing but the moves was kept of an execution.
 * `pick` throws {@link ScheduleDivergence} at the first move that cannot be made, or when there is none left.
 */
export function movesStrategy(moves: readonly Move[]): Strategy {
  return {
    name: "replay",
    begin: () => undefined,
    pick: (choice) => {
      const move = moves[choice.step];
      const found = situationOf(choice);
      if (move === undefined) throw new ScheduleDivergence(choice.step, "end", found);
      const wanted = granted(move);
      if (!wanted.every((session) => found.ready.includes(session)))
        throw new ScheduleDivergence(choice.step, { ready: wanted, blocked: [] }, found);
      return move;
    },
    end: () => false,
  };
}
