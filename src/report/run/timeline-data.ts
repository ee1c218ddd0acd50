/**
 * What the timeline of a page shows, as compact JSON: a column per field, operations in the order in which they began.
 * Times are whole units from the beginning: microseconds, or steps of a schedule.
 */
export interface TimelineData {
  readonly unit: "us" | "step";
  /** Operations of the history, and how many of them are here. */
  readonly total: number;
  /** Where the last of them, fault or operation, ends. */
  readonly to: number;
  /** Names, by lane. */
  readonly lanes: readonly string[];
  readonly functions: readonly string[];
  readonly keys: readonly string[];
  readonly causes: readonly string[];

  /** Begin, as the distance from the one before. */
  readonly begin: readonly number[];
  /** How long it took; -1 where nothing says that it ended. */
  readonly length: readonly number[];
  /** The index of its completion (invocation where there is none) in the history, as the distance from the one before. */
  readonly index: readonly number[];
  readonly lane: readonly number[];
  /** Positions in {@link functions}. */
  readonly f: readonly number[];
  /** {@link outcomes}. */
  readonly outcome: readonly number[];
  /** Position in {@link processes}. */
  readonly process: readonly number[];
  readonly processes: readonly string[];
  /** Positions in {@link causes}; -1 for none. */
  readonly cause: readonly number[];
  /** Positions in {@link keys} of what each touched. */
  readonly touched: readonly (readonly number[])[];
  /** What each did, cut to what there is room for. */
  readonly text: readonly string[];

  /** Positions of operations that are part of an anomaly. */
  readonly marked: readonly number[];

  readonly faults: readonly TimelineFault[];
  /** Lane, from, to: the session waited for a lock. */
  readonly blocked: readonly (readonly [lane: number, from: number, to: number])[];
}

/** A fault; `to` is null where nothing says that it ended. */
export interface TimelineFault {
  readonly f: string;
  readonly did: string | null;
  readonly from: number;
  readonly to: number | null;
}

/** Codes of {@link TimelineData.outcome}, by position. */
export const outcomes = ["ok", "fail", "info"] as const;
