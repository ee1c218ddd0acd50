import type { History } from "../../history/history.ts";
import { readAtRest } from "../../checkers/at-rest/client-operations.ts";
import { valueText } from "../../checkers/explain/value-text.ts";

/** A bound: histories of others may have any number of processes; more than this share lanes. */
const mostLanes = 128;

/** Where operations are drawn. */
export interface Lanes {
  readonly names: readonly string[];
  /** The lane of a row, or -1 for a fault. */
  readonly of: (row: number) => number;
}

/**
 * A lane per session, one for the reads at rest, one for each other named process but `nemesis`. A session's
 * processes are its number and that plus multiples of how many sessions there are.
 *
 * @param sessions how many there were; undefined where nobody says: then a lane per process
 */
export function lanesOf(history: History, sessions: number | undefined): Lanes {
  const { process, processNames, functions, f } = history;
  const rest = functions.indexOf(readAtRest);
  const nemesis = -1 - processNames.indexOf("nemesis");
  const order = sessions === undefined ? processOrder(history, rest) : undefined;
  const count = Math.min(sessions ?? order?.size ?? 0, mostLanes);
  const names = Array.from({ length: count }, (_, i) => `session ${i}`);
  const named = new Map<number, number>();
  const lane = (code: number, name: string): number => {
    const known = named.get(code);
    if (known !== undefined) return known;
    const number = names.length < count + mostLanes ? names.push(name) - 1 : count;
    named.set(code, number);
    return number;
  };
  const of = (row: number): number => {
    const code = process[row] ?? 0;
    if (code >= 0 && f[row] === rest) return lane(0, "at rest");
    if (code < 0) return code === nemesis ? -1 : lane(code, valueText(processNames[-1 - code] ?? "", 24));
    return (order?.get(code) ?? code) % Math.max(1, count);
  };
  if (order !== undefined)
    for (const [code, i] of order) if (i < count && order.size <= mostLanes) names[i] = `process ${code}`;
  // Named ones get theirs now, so that the names are complete.
  for (let row = 0; row < history.length; row++) of(row);
  return { names, of };
}

/** Numbered processes in order of first appearance. */
function processOrder(history: History, rest: number): Map<number, number> {
  const order = new Map<number, number>();
  for (let row = 0; row < history.length; row++) {
    const code = history.process[row] ?? 0;
    if (code >= 0 && history.f[row] !== rest && !order.has(code)) order.set(code, order.size);
  }
  return order;
}
