import { type History, typeCode } from "../../history/history.ts";
import type { Fault } from "../faults.ts";

/**
 * By fault, the time of the first `ok` completion of an operation that was invoked after the fault had begun;
 * null where none came. Linear.
 *
 * @param faults in the order in which they began
 */
export function recoveries(
  history: History,
  faults: readonly Fault[],
  isCounted: (row: number) => boolean,
): readonly (number | null)[] {
  const times: (number | null)[] = [];
  for (let row = 0; row < history.length && times.length < faults.length; row++) {
    if (history.type[row] !== typeCode.ok || !isCounted(row)) continue;
    const invoked = history.pair[row] ?? -1;
    // Whoever was invoked after a fault was so after all that began before it.
    while ((faults[times.length]?.began ?? Infinity) < invoked) times.push(history.time[row] ?? 0);
  }
  return faults.map((_, number) => times[number] ?? null);
}
