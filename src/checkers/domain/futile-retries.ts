import { type History, typeCode } from "../../history/history.ts";
import { indexOf } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf } from "./told.ts";

/** What a server answers to whatever comes after a statement that failed its transaction. */
const transactionAborted = "transaction-aborted";

/**
 * Registrations that failed although they tried again, because they tried again within a transaction in which
 * nothing could help any more. One case each, in row order. Linear.
 *
 * Two things prove it of an operation with f `register` that surely failed:
 *
 * - Its error is `transaction-aborted`: a statement was sent after another one had failed, and the server takes
 *   none until the transaction has been rolled back.
 * - It tells by `data.tried[model]` which numbers it tried, more than one, and all are the same. Each was the
 *   next after the highest that it read. The first was refused, so another transaction had committed it; rows
 *   are never deleted; and still the read that came next did not show it. So these reads show a snapshot from
 *   before, and would have done so for ever.
 */
export function futileRetries(history: History): readonly Witness[] {
  const found: Witness[] = [];
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== typeCode.fail || (history.process[row] ?? -1) < 0) continue;
    if (history.functions[history.f[row] ?? 0] !== "register") continue;
    const who = `the register (index ${indexOf(history, row)}) failed though it tried again`;
    for (const why of reasons(history, row)) found.push(caseOf(history, [row], `${who}: ${why}`));
  }
  return found;
}

function reasons(history: History, row: number): readonly string[] {
  const refused = "a statement of its transaction had failed, and the server refused every one after it";
  const isAborted = member(history.error.get(row), "cause") === transactionAborted;
  const stale = members(member(history.data.get(row), "tried")).flatMap(([model, tried]) => {
    const [first, ...again] = listOf(tried);
    if (typeof first !== "number" || again.length === 0) return [];
    if (again.some((version) => version !== first)) return [];
    return [
      `it tried version ${first} of ${valueText(model)} ${again.length + 1} times, because its transaction went on ` +
        "to see the versions as they had been before somebody took that number",
    ];
  });
  return isAborted ? [refused, ...stale] : stale;
}
