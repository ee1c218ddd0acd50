import type { TimelineData } from "../run/timeline-data.ts";

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
