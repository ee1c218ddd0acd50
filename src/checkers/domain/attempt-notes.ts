import { type History, mopKindCode, typeCode } from "../../history/history.ts";
import { mopValueAt } from "../../history/operation-at.ts";
import { sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import { listOf, member } from "./json-members.ts";

/**
 * How many attempts the operations of one kind took, how those that failed ended, and how many operations came
 * to nothing: what conflicts cost. No note where no attempt failed. Linear.
 *
 * Assumes that each writes (`w`) the id of its attempt, `<operation>.<attempt>`, beside a version.
 */
export function attemptNotes(history: History, f: string): readonly string[] {
  let attempts = 0;
  const failures = new Map<string, number>();
  /** Whether one of its attempts may have succeeded, by operation. */
  const operations = new Map<string, boolean>();
  for (let row = 0; row < history.length; row++) {
    const type = history.type[row];
    const isOpen = type === typeCode.invoke && history.pair[row] === -1;
    if ((type === typeCode.invoke && !isOpen) || (history.process[row] ?? -1) < 0) continue;
    if (history.functions[history.f[row] ?? 0] !== f) continue;
    attempts++;
    const operation = operationOf(history, row);
    operations.set(operation, operations.get(operation) === true || type !== typeCode.fail);
    if (type !== typeCode.fail) continue;
    const cause = valueText(member(history.error.get(row), "cause"));
    failures.set(cause, (failures.get(cause) ?? 0) + 1);
  }
  if (failures.size === 0) return [];
  const causes = [...failures]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cause, n]) => `${n} ended in ${cause}`);
  const givenUp = [...operations.values()].filter((mayHaveSucceeded) => !mayHaveSucceeded).length;
  return [
    `${counted(operations.size, "operation")} "${f}" took ${counted(attempts, "attempt")}: ${sentenceList(causes)}. ` +
      `${givenUp === 0 ? "No operation was" : `${counted(givenUp, "operation")} ${givenUp === 1 ? "was" : "were"}`} given up.`,
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The operation that an attempt belongs to, by the id that it writes; the attempt alone where it writes none. */
function operationOf(history: History, row: number): string {
  for (let mop = history.mopStart[row] ?? 0; mop < (history.mopStart[row + 1] ?? 0); mop++) {
    if (history.mopKind[mop] !== mopKindCode.w) continue;
    const [, id] = listOf(mopValueAt(history, mop));
    if (typeof id === "string") return id.replace(/\.\d+$/, "");
  }
  return `row ${row}`;
}
