import type { StepType } from "../verdict.ts";

/**
 * Edge types as bits, so that parallel edges merge into one mask and a subgraph is a mask.
 *
 * - `ww`, `wr`, `rw`: item dependencies (Adya, Liskov and O'Neil 2000, section 4.4).
 * - `rwp`: predicate anti-dependency, a read of a set that misses a later insert (Adya, Liskov and O'Neil 2000, section 4.4).
 * - `process`, `realtime`: session order and real-time order.
 * - `silent`: a detour through a helper node. It adds no step to a path and belongs to every subgraph.
 */
export const edge = {
  ww: 1,
  wr: 2,
  rw: 4,
  rwp: 8,
  process: 16,
  realtime: 32,
  silent: 64,
} as const;

/** Every bit. */
export const everyEdge = 127;

/** The types a person sees, the ones that say most first: data explains a step before time does. */
export const stepOrder: readonly StepType[] = ["ww", "wr", "rw", "rwp", "process", "realtime"];

/**
 * The name of the strongest reason in a mask.
 * @throws Error when the mask holds no type a person sees.
 */
export function stepTypeOf(mask: number): StepType {
  const type = stepOrder.find((name) => (mask & edge[name]) !== 0);
  if (type === undefined) throw new Error(`an edge needs a type, got the mask ${mask}`);
  return type;
}
