import { valueText } from "../../checkers/explain/value-text.ts";
import { type History, typeCode } from "../../history/history.ts";

/** Why an operation did not end `ok`, in a word; undefined where nothing is said. Histories of others say it in JSON. */
export function causeOf(history: History, row: number): string | undefined {
  const error = history.error.get(row);
  if (error === undefined || error === null) return undefined;
  const { cause } = (typeof error === "object" ? error : {}) as { readonly cause?: unknown };
  return valueText(cause ?? error, 40);
}

/** How often each cause ended an attempt, the most frequent first. */
export function causesIn(history: History): readonly (readonly [cause: string, count: number])[] {
  const counts = new Map<string, number>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== typeCode.fail && history.type[row] !== typeCode.info) continue;
    if ((history.process[row] ?? -1) < 0) continue;
    const cause = causeOf(history, row) ?? "not said";
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one);
}
