import { type History, typeCode } from "../../history/history.ts";
import { operationAt } from "../../history/operation-at.ts";
import type { Json } from "../../history/operation.ts";
import { indexOf } from "../explain/describe.ts";
import type { Witness } from "../verdict.ts";

/** What a client's operation told that surely committed. */
export interface Told {
  /** Row of the completion. */
  readonly row: number;
  readonly f: string;
  /** The read of a fresh session after everything else had ended. */
  readonly isAtRest: boolean;
  readonly data: Json | undefined;
}

/** The operations of clients that surely committed, in the order of their completions. Linear. */
export function* told(history: History): Iterable<Told> {
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== typeCode.ok || (history.process[row] ?? -1) < 0) continue;
    const f = history.functions[history.f[row] ?? 0] ?? "";
    yield { row, f, isAtRest: f === "read-at-rest", data: history.data.get(row) };
  }
}

/** A case against the application: the operations that it rests on, and what it says. */
export function caseOf(history: History, rows: readonly number[], explanation: string): Witness {
  return { cycle: rows.map((row) => operationAt(history, row)), steps: [], explanation };
}

/** The anomalies of which there are cases. */
export function casesByAnomaly(
  cases: Readonly<Record<string, readonly Witness[]>>,
): Readonly<Record<string, readonly Witness[]>> {
  return Object.fromEntries(Object.entries(cases).filter(([, witnesses]) => witnesses.length > 0));
}

/** Who saw it: "the read at rest (index 7)", "the promote (index 3)". */
export function readerText(
  history: History,
  { row, f, isAtRest }: Pick<Told, "row" | "f" | "isAtRest">,
): string {
  return `${isAtRest ? "the read at rest" : `the ${f}`} (index ${indexOf(history, row)})`;
}

/** The same, those that reads at rest showed before the others: there it lasts. */
export function restFirst<T extends { readonly reader: Pick<Told, "isAtRest"> }>(
  cases: readonly T[],
): readonly T[] {
  return [...cases].sort((a, b) => Number(b.reader.isAtRest) - Number(a.reader.isAtRest));
}
