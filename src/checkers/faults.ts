import { type History, typeCode } from "../history/history.ts";

/** A fault, as the history tells of it: an operation of the process `nemesis`. */
export interface Fault {
  readonly name: string;
  /** Row of the invocation: it had not begun before. */
  readonly began: number;
  /** Row of the completion: it was over; the length of the history for one that never completed. */
  readonly ended: number;
  readonly isOver: boolean;
  /** What was done; null where there was nothing to hit, and where nobody says. */
  readonly did: string | null;
}

/** What a fault did that could not be injected. */
const failed = "failed";

/** The faults, in the order in which they began. Linear. */
export function faults(history: History): readonly Fault[] {
  const nemesis = history.processNames.indexOf("nemesis");
  if (nemesis < 0) return [];
  const found: Fault[] = [];
  for (let began = 0; began < history.length; began++) {
    if (history.process[began] !== -1 - nemesis || history.type[began] !== typeCode.invoke) continue;
    const pair = history.pair[began] ?? -1;
    const did = history.otherValues.get(pair) ?? null;
    found.push({
      name: history.functions[history.f[began] ?? 0] ?? "",
      began,
      ended: pair < 0 ? history.length : pair,
      isOver: pair >= 0,
      did: did === null || typeof did === "string" ? did : JSON.stringify(did),
    });
  }
  return found;
}

/** Whether a fault hit something. One that never completed may have. */
export function hasStruck({ did, isOver }: Fault): boolean {
  return isOver ? did !== null && did !== failed : true;
}
