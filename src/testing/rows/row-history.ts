import type { Header } from "../../history/header.ts";
import type { History } from "../../history/history.ts";
import { historyBuilder } from "../../history/history-builder.ts";
import type { Mop } from "../../history/operation.ts";
import type { RowLog } from "./row-log.ts";
import { asked, type RowTransaction } from "./row-transaction.ts";

/** The operation that stands for the set-up. */
export const setUpName = "set-up";

/**
 * One operation for each transaction that read or wrote a watched row; a row is a register with numbered versions,
 * and that it is not there is a version like others. Before all of them stands the set-up, which wrote the first version
 * of each row. A session whose transactions overlap, or one of whose outcomes is unknown, goes on as another
 * process. Undefined where nobody read or wrote a watched row.
 *
 * @param sessions how many there are
 */
export function rowHistory(log: RowLog, header: Header, sessions: number): History | undefined {
  const mops = new Map<RowTransaction, readonly Mop[]>();
  for (const { transaction } of log.events)
    mops.set(
      transaction,
      transaction.did.flatMap(({ table, mop }) => (mop !== undefined && log.isWatched(table) ? [mop] : [])),
    );
  const initial = initialMops(log, [...mops.values()].flat());
  if (initial.length === 0) return undefined;
  const { add, build } = historyBuilder(header);
  let index = 0;
  const processes = new Processes(sessions);
  const setUp = { process: sessions, f: setUpName, time: 0 };
  add({ ...setUp, index: index++, type: "invoke", value: initial.map(asked) });
  add({ ...setUp, index: index++, type: "ok", value: initial });
  for (const { type, step, transaction } of log.events) {
    const value = mops.get(transaction) ?? [];
    const { session, f, state } = transaction;
    // What is never told to have ended is no operation, and what touches nothing watched tells nothing.
    if (value.length === 0 || state === "open") continue;
    if (type === "invoke") {
      const process = processes.begin(transaction, session);
      add({ index: index++, time: step, process, type, f, value: value.map(asked) });
      continue;
    }
    const process = processes.end(transaction, state === "info");
    const error = state === "ok" ? {} : { error: { cause: state === "fail" ? "rolled-back" : "unknown" } };
    add({ index: index++, time: step, process, type: state, f, value, ...error });
  }
  return build();
}

function initialMops(log: RowLog, mops: readonly Mop[]): readonly Mop[] {
  const names = new Set(mops.map(([, name]) => name as string));
  return [...names].flatMap((name) => {
    const initial = log.initial(name);
    return initial === undefined ? [] : [["w", name, [0, initial.version]] as const];
  });
}

/** Which process each transaction is of: at most one at a time. */
class Processes {
  readonly #of = new Map<RowTransaction, number>();
  readonly #free: Map<number, number>;
  #next: number;

  /** @param sessions whose numbers are those of processes, as is the one after them */
  constructor(sessions: number) {
    this.#free = new Map(Array.from({ length: sessions }, (_, session) => [session, session]));
    this.#next = sessions + 1;
  }

  begin(transaction: RowTransaction, session: number): number {
    const process = this.#free.get(session) ?? this.#next++;
    this.#free.delete(session);
    this.#of.set(transaction, process);
    return process;
  }

  end(transaction: RowTransaction, isLast: boolean): number {
    const process = this.#of.get(transaction) ?? -1;
    if (!isLast) this.#free.set(transaction.session, process);
    return process;
  }
}
