import type { TimelineData } from "../run/timeline-data.ts";
import type { View } from "./view.ts";

/** The operations of a timeline, ready to be drawn: a typed array per field, positions as in the data. */
export interface Model {
  readonly data: TimelineData;
  readonly count: number;
  readonly begin: Float64Array;
  /** The end of the run where nothing says that it ended. */
  readonly end: Float64Array;
  readonly index: Float64Array;
  /** 1 for what is part of an anomaly. */
  readonly marked: Uint8Array;
  /** Positions by lane, in the order in which they began. */
  readonly byLane: readonly (readonly number[])[];
}

/** Undoes the distances. */
export function modelOf(data: TimelineData): Model {
  const count = data.begin.length;
  const [begin, end, index] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const marked = new Uint8Array(count);
  const byLane: number[][] = data.lanes.map(() => []);
  let [time, number] = [0, 0];
  for (let at = 0; at < count; at++) {
    time += data.begin[at] ?? 0;
    number += data.index[at] ?? 0;
    const length = data.length[at] ?? 0;
    begin[at] = time;
    end[at] = length < 0 ? data.to : time + length;
    index[at] = number;
    byLane[data.lane[at] ?? 0]?.push(at);
  }
  for (const at of data.marked) marked[at] = 1;
  return { data, count, begin, end, index, marked, byLane };
}

/** How many operations that a mask lets through begin in each of so many equal parts of the run. */
export function densityOf({ data, count, begin }: Model, mask: Uint8Array, width: number): Uint32Array {
  const density = new Uint32Array(width);
  for (let at = 0; at < count; at++) {
    if (mask[at] !== 1) continue;
    const pixel = Math.min(width - 1, Math.floor(((begin[at] ?? 0) / Math.max(1, data.to)) * width));
    density[pixel] = (density[pixel] ?? 0) + 1;
  }
  return density;
}

/** From the begin of the first to the end of the last of some operations; undefined for none. */
export function extentOf({ begin, end }: Model, positions: readonly number[]): View | undefined {
  if (positions.length === 0) return undefined;
  return {
    from: Math.min(...positions.map((at) => begin[at] ?? 0)),
    to: Math.max(...positions.map((at) => end[at] ?? 0)),
  };
}
