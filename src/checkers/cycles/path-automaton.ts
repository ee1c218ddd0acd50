import { edge } from "../graph/edge-type.ts";
import type { CycleSpec } from "./cycle-spec.ts";

/** Answer of {@link PathAutomaton.step} for an edge that the cycle must not take here. */
export const refused = -1;

/**
 * A finite automaton over the edges of a path: what a search must remember beside the node it is at.
 * Data explains a step before time does, so an edge that is both counts as data; an edge that is both
 * `ww` or `wr` and `rw` counts as the former.
 */
export interface PathAutomaton {
  readonly states: number;
  /** The state after an edge with this mask, or {@link refused}. Silent edges change nothing. */
  readonly step: (state: number, mask: number) => number;
  /** Whether a path that is back at its first node is a cycle of the type. */
  readonly accepts: (state: number) => boolean;
  /** Whether the last edge of the path was an anti-dependency (known for nonadjacent types only). */
  readonly endsInRw: (state: number) => boolean;
}

// State: ((rw * lasts + last) * 2 + wr) * 2 + extra, where rw counts up to `most`.

/** The automaton of one anomaly type. State 0 is the empty path. */
export function pathAutomaton(spec: CycleSpec): PathAutomaton {
  const most = spec.rwCount === "none" ? 0 : spec.rwCount === "one" ? 1 : 2;
  const lasts = spec.nonadjacent ? 2 : 1;
  const data = spec.base & (edge.ww | edge.wr);
  const needsExtra = spec.extra !== 0;
  return {
    states: (most + 1) * lasts * 4,
    step: (state, mask) => {
      const rw = Math.floor(state / (4 * lasts));
      if ((mask & data) !== 0) {
        const wr = spec.needsWr && (mask & edge.wr) !== 0 ? 2 : 0;
        return rw * lasts * 4 + ((state & 3) | wr);
      }
      if ((mask & spec.rw) !== 0) {
        if (spec.rwCount === "one" && rw === 1) return refused;
        if (spec.nonadjacent && (state & 4) !== 0) return refused;
        return (Math.min(most, rw + 1) * lasts + (lasts - 1)) * 4 + (state & 3);
      }
      if ((mask & spec.extra) !== 0) return rw * lasts * 4 + ((state & 3) | 1);
      return (mask & edge.silent) !== 0 ? state : refused;
    },
    accepts: (state) =>
      Math.floor(state / (4 * lasts)) === most &&
      (!spec.needsWr || (state & 2) !== 0) &&
      (!needsExtra || (state & 1) !== 0) &&
      (!spec.nonadjacent || (state & 4) === 0),
    endsInRw: (state) => spec.nonadjacent && (state & 4) !== 0,
  };
}
