import type { Model } from "./model.ts";

/**
 * The operation of a lane that is nearest to a moment, no farther than a tolerance; the shortest of those that are
 * equally near, since it lies on top. -1 where there is none.
 */
export function nearest(
  { byLane, begin, end }: Model,
  mask: Uint8Array,
  lane: number,
  moment: number,
  tolerance: number,
): number {
  let [found, distance, length] = [-1, tolerance, Infinity];
  for (const at of byLane[lane] ?? []) {
    if (mask[at] !== 1) continue;
    const [from = 0, to = 0] = [begin[at], end[at]];
    const away = moment < from ? from - moment : moment > to ? moment - to : 0;
    if (away < distance || (away === distance && to - from < length))
      [found, distance, length] = [at, away, to - from];
  }
  return found;
}

/** The operation before or after one in its lane that the mask lets through; -1 where there is none. */
export function neighbour({ byLane, data }: Model, mask: Uint8Array, at: number, by: 1 | -1): number {
  const lane = byLane[data.lane[at] ?? 0] ?? [];
  for (let i = lane.indexOf(at) + by; i >= 0 && i < lane.length; i += by) {
    const other = lane[i] ?? -1;
    if (mask[other] === 1) return other;
  }
  return -1;
}

/** The operation of the next lane up or down that has one, nearest to when this one began; -1 where there is none. */
export function across(model: Model, mask: Uint8Array, at: number, by: 1 | -1): number {
  const { byLane, data, begin } = model;
  for (let lane = (data.lane[at] ?? 0) + by; lane >= 0 && lane < byLane.length; lane += by) {
    const found = nearest(model, mask, lane, begin[at] ?? 0, Infinity);
    if (found >= 0) return found;
  }
  return -1;
}
