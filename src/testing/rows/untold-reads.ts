import type { RowLog } from "./row-log.ts";
import type { RowAct, RowTransaction } from "./row-transaction.ts";
import type { RowVersion } from "./row-versions.ts";

/** A read that is told of no row, of a table that another session wrote meanwhile. */
export interface UntoldRead {
  readonly sql: string;
  /** The table's name. */
  readonly table: string;
  /** Its transaction then wrote the table over what the other had committed, which it may not have seen. */
  readonly mayLose: boolean;
}

type Glimpse = RowAct & { readonly type: "glimpse" };

/** The reads of committed transactions that may be part of an anomaly, though no row tells of them. */
export function untoldReads(log: RowLog): readonly UntoldRead[] {
  const ends = new Map<RowTransaction, number>();
  for (const { type, transaction, step } of log.events) if (type === "end") ends.set(transaction, step);
  const endOf = (transaction: RowTransaction): number => ends.get(transaction) ?? Infinity;
  const all = [...new Set(log.events.map(({ transaction }) => transaction))];
  return all
    .filter(({ state }) => state === "ok")
    .flatMap((by) =>
      by.did.flatMap((act, at): readonly UntoldRead[] => {
        const table = act.type === "glimpse" ? log.watchedTable(act.table) : undefined;
        if (act.type !== "glimpse" || act.sql === undefined || table === undefined) return [];
        const meets = all.some(
          (other) =>
            other.session !== by.session &&
            other.wrote.has(table.id) &&
            endOf(other) >= by.began &&
            other.began <= endOf(by),
        );
        if (!meets) return [];
        // What a snapshot does not show is as old as the transaction; what a lock was waited for is not.
        const isUnseen = (other: RowTransaction): boolean =>
          act.locked === undefined ? endOf(other) >= by.began : endOf(other) > act.locked;
        const mayLose = by.did.slice(at + 1).some((write, i, later) => {
          const before = later.slice(0, i);
          return write.type === "write" && overwrites(log, by, act, { ...write, before }, isUnseen);
        });
        return [{ sql: act.sql, table: table.name, mayLose }];
      }),
    );
}

interface LaterWrite {
  readonly table: string;
  readonly key: string;
  readonly version: RowVersion;
  /** What the transaction did between the glimpse and this write. */
  readonly before: readonly RowAct[];
}

/** Whether a write of what a glimpse may have shown went over what another transaction had committed and nobody had seen. */
function overwrites(
  log: RowLog,
  by: RowTransaction,
  { table }: Glimpse,
  write: LaterWrite,
  isUnseen: (other: RowTransaction) => boolean,
): boolean {
  const { key, version, before } = write;
  if (write.table !== table || version.image === undefined) return false;
  const { assigned } = version;
  const sources = assigned === undefined ? [] : [...assigned.values()];
  if (assigned !== undefined && sources.every((source) => source === "newest" || source === "server"))
    return false;
  const isReadAgain = before.some(
    (act) =>
      act.type === "read" &&
      act.table === table &&
      act.key === key &&
      assigned !== undefined &&
      [...assigned.keys()].every((column) => act.shows === undefined || act.shows.has(column)),
  );
  if (isReadAgain) return false;
  return log
    .versions(table, key)
    .some(
      (other) =>
        other.number < version.number &&
        other.until === Infinity &&
        other.by !== undefined &&
        other.by !== by &&
        other.by.state === "ok" &&
        isUnseen(other.by),
    );
}
