import { edge, everyEdge } from "../graph/edge-type.ts";
import type { CycleSpec } from "./cycle-spec.ts";

/** Answer of {@link PathAutomaton.step} for an edge that the cycle must not take here. */
export const refused = -1;

/**
 * A finite automaton over the edges of a path: what a search must remember beside the node it is at.
 * An edge counts as its strongest reason only (data explains a step before time does, and `ww` before
 * `wr` before `rw`), so that a cycle is of the type that its witness shows; unless the type says
 * `anyReason`, when it counts as the strongest of those that the type may take.
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

/**
 * The automaton of one anomaly type, at most twelve states. State 0 is the empty path.
 *
 * A state is a mixed-radix number: how many anti-dependencies were taken (up to as many as matter), then
 * a bit each, as far as the type cares, for the last edge having been one, for a `wr` edge and for a
 * session or real-time edge.
 */
export function pathAutomaton(spec: CycleSpec): PathAutomaton {
  const most = spec.rwCount === "none" ? 0 : spec.rwCount === "one" ? 1 : 2;
  const extraBit = spec.extra !== 0 ? 1 : 0;
  const wrBit = spec.needsWr ? 1 << extraBit : 0;
  const seen = extraBit | wrBit;
  const lastBit = spec.nonadjacent ? seen + 1 : 0;
  const flags = (seen | lastBit) + 1;
  const usable = spec.anyReason === true ? spec.base | spec.rw | edge.silent : everyEdge;
  const step = (state: number, mask: number): number => {
    const reason = mask & usable & -(mask & usable);
    if ((reason & spec.rw) !== 0) {
      const taken = Math.floor(state / flags);
      if ((spec.rwCount === "one" && taken === 1) || (state & lastBit) !== 0) return refused;
      return Math.min(most, taken + 1) * flags + ((state % flags) | lastBit);
    }
    if ((reason & spec.base) === 0) return reason === edge.silent ? state : refused;
    const flag = reason === edge.wr ? wrBit : (reason & spec.extra) !== 0 ? extraBit : 0;
    return (state & ~lastBit) | flag;
  };
  const states = (most + 1) * flags;
  const masks = everyEdge + 1;
  const table = Int8Array.from({ length: states * masks }, (_, i) => step(Math.floor(i / masks), i % masks));
  return {
    states,
    step: (state, mask) => table[state * masks + mask] ?? refused,
    accepts: (state) =>
      Math.floor(state / flags) === most && (state & seen) === seen && (state & lastBit) === 0,
    endsInRw: (state) => (state & lastBit) !== 0,
  };
}
