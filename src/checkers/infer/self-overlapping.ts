import { type History, typeCode } from "../../history/history.ts";

/**
 * The processes that invoke something while they have another operation open, which no client of Jepsen's or
 * ours does: what they did has no session order. Their invocations have no completion of their own (see
 * `ProcessTable`), and something of theirs follows. Linear.
 */
export function selfOverlapping(history: History): ReadonlySet<number> {
  const open = new Set<number>();
  const found = new Set<number>();
  for (let row = 0; row < history.length; row++) {
    const process = history.process[row] ?? 0;
    if (open.has(process)) found.add(process);
    if (history.type[row] === typeCode.invoke && history.pair[row] === -1) open.add(process);
  }
  return found;
}

/**
 * Processes whose transactions are in no session order. Elle orders those of every process by their
 * completions, so histories that are judged by its conventions have none of these.
 */
export function withoutSessionOrder(history: History): ReadonlySet<number> {
  return history.beginning === "as-read" ? new Set() : selfOverlapping(history);
}
