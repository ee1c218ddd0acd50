import type { History } from "../../history/history.ts";
import { indexOf } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, told } from "./told.ts";

/**
 * Counters that only ever grow: no process sees one go backwards (`non-monotonic-read`; monotonic reads of
 * Terry et al., 1994, with a process as the session).
 *
 * Assumes: `ok` operations carry `data.saw[counter]`, the counts they read, in the order in which they read
 * them. A process does one thing after the other, so its reads have an order that nobody can dispute;
 * those of two processes are not compared. Linear.
 */
export const monotonic: DomainChecker = {
  name: "monotonic",
  summary: "no session sees a counter go backwards",
  anomalies: { "non-monotonic-read": "a session saw a counter go backwards" },
  check,
};

/** A count that a process has seen, and where. */
interface Seen {
  readonly row: number;
  readonly count: number;
}

function check(history: History): DomainResult {
  const latest = new Map<string, Seen>();
  const witnesses: Witness[] = [];
  for (const { row, data } of told(history)) {
    const process = history.process[row] ?? -1;
    for (const [counter, counts] of members(member(data, "saw"))) {
      const id = JSON.stringify([process, counter]);
      for (const count of listOf(counts)) {
        if (typeof count !== "number") continue;
        const before = latest.get(id);
        if (before !== undefined && count < before.count)
          witnesses.push(witness(history, { process, counter, before, after: { row, count } }));
        // After a step back the next is counted from there, so that each step is told once.
        latest.set(id, { row, count });
      }
    }
  }
  return { anomalies: casesByAnomaly({ "non-monotonic-read": witnesses }), notes: [] };
}

interface StepBack {
  readonly process: number;
  readonly counter: string;
  readonly before: Seen;
  readonly after: Seen;
}

function witness(history: History, { process, counter, before, after }: StepBack): Witness {
  const rows = before.row === after.row ? [after.row] : [before.row, after.row];
  return caseOf(
    history,
    rows,
    `process ${process} saw ${valueText(counter)} at ${before.count} (index ${indexOf(history, before.row)}) ` +
      `and after that at ${after.count} (index ${indexOf(history, after.row)})`,
  );
}
