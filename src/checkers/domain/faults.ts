import { type History, typeCode } from "../../history/history.ts";

/** A fault that struck. */
export interface Fault {
  readonly name: string;
  /** Row of the invocation: it had not begun before. */
  readonly began: number;
  /** Row of the completion: it was over; the length of the history for one that never completed. */
  readonly ended: number;
}

/** What the `value` of a fault says that could not be injected. Null says that there was nothing to hit. */
const failed = "failed";

/**
 * The faults that struck: operations of the process `nemesis`, in the order in which they began. One that never
 * completed may have. Linear.
 */
export function faults(history: History): readonly Fault[] {
  const nemesis = history.processNames.indexOf("nemesis");
  if (nemesis < 0) return [];
  const found: Fault[] = [];
  for (let began = 0; began < history.length; began++) {
    if (history.process[began] !== -1 - nemesis || history.type[began] !== typeCode.invoke) continue;
    const pair = history.pair[began] ?? -1;
    const did = history.otherValues.get(pair) ?? null;
    if (pair >= 0 && (did === null || did === failed)) continue;
    const name = history.functions[history.f[began] ?? 0] ?? "";
    found.push({ name, began, ended: pair < 0 ? history.length : pair });
  }
  return found;
}
