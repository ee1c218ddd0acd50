import { historyFormat } from "../../history/header.ts";
import type { History } from "../../history/history.ts";
import type { Performed } from "../../runner/interleaved/stage.ts";
import { type LostUpdates, lostUpdates } from "./lost-updates.ts";
import { rowHistory } from "./row-history.ts";
import type { RowWatch } from "./row-watch.ts";
import { type UntoldRead, untoldReads } from "./untold-reads.ts";

/** What became of watching the rows of one execution. */
export interface WatchedRows {
  /** Undefined where no row was read or written that can be told of, or the execution did not come to its end. */
  readonly history: History | undefined;
  readonly lostUpdates: LostUpdates;
  /** Reads of which no row tells. */
  readonly untold: readonly UntoldRead[];
  /** A sentence for each table of which nothing is told. */
  readonly leftOut: readonly string[];
}

/** Ends the watch over an execution that is over. */
export async function watchedRows(
  watch: RowWatch,
  { schedule, trace, interrupted, stuck }: Performed,
): Promise<WatchedRows> {
  await watch.finish();
  const { log } = watch;
  const { isolation, database, sessions } = trace;
  const header = {
    isolab: historyFormat,
    seed: schedule.seed,
    workload: "race",
    params: {},
    mode: "interleaved",
    isolation,
    database,
  } as const;
  const history = interrupted || stuck !== undefined ? undefined : rowHistory(log, header, sessions);
  const none = { proven: [], doubts: [] };
  if (history === undefined) return { history, lostUpdates: none, untold: [], leftOut: log.leftOut };
  return { history, lostUpdates: lostUpdates(log), untold: untoldReads(log), leftOut: log.leftOut };
}
