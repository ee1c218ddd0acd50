import type { History } from "../../history/history.ts";
import { indexOf } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import { type Acknowledged, byContainer, containers } from "./acknowledged.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { handedOut, handedTwice } from "./handed-out.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly } from "./told.ts";

/**
 * A queue of jobs: a job is dispatched to one worker at most (`double-dispatch`), and whatever was enqueued is
 * open or done when everything has ended (`lost-job`).
 *
 * Assumes: whoever enqueues a job says `data.enqueued[queue] = job`, whoever has worked on one
 * `data.dispatched[queue] = [job, attempt]`; a job that is done never opens again; reads at rest (f
 * `read-at-rest`) come after everything else and carry `data.jobs[queue][job] = [state, taken by]`, all jobs
 * of the queue. Only `ok` operations count: two of them that had the same job were both told so. Nobody is
 * left at rest to finish a job that is neither open nor done. A queue that was not read at rest is not
 * searched for lost ones. Linear.
 */
export const queue: DomainChecker = {
  name: "queue",
  summary: "each job of a queue goes to one worker, and none is lost",
  anomalies: {
    "double-dispatch": "a job was dispatched to two workers, and both have done it",
    "lost-job": "a job that was enqueued is neither open nor done when everything has ended",
  },
  check,
};

function check(history: History): DomainResult {
  const words = { noun: "job", verb: "dispatched" };
  return {
    anomalies: casesByAnomaly({
      "double-dispatch": handedTwice(history, handedOut(history, "dispatched"), words),
      "lost-job": lostWitnesses(history),
    }),
    notes: [],
  };
}

function lostWitnesses(history: History): readonly Witness[] {
  const { added, showings } = containers(history, { added: "enqueued", shows: "jobs" });
  const enqueued = byContainer(added);
  return showings
    .filter(({ reader }) => reader.isAtRest)
    .flatMap(({ reader: { row }, container, shown }) => {
      const where = `when everything had ended (index ${indexOf(history, row)})`;
      const jobs = enqueued.get(container) ?? new Map<string, Acknowledged>();
      const gone = [...jobs.values()]
        .filter(({ element }) => member(shown, element) === undefined)
        .map((one) =>
          caseOf(history, [one.row, row], `${enqueuedText(history, one)} and was not there ${where}`),
        );
      const stuck = members(shown).flatMap(([job, entry]) => {
        const [state, by] = listOf(entry);
        if (state === "open" || state === "done") return [];
        const known = jobs.get(job);
        const text =
          known === undefined
            ? `job ${valueText(job)} of ${valueText(container)} was`
            : `${enqueuedText(history, known)} and was`;
        const rows = known === undefined ? [row] : [known.row, row];
        const holder = typeof by === "string" ? ` by ${valueText(by)}` : "";
        return [
          caseOf(
            history,
            rows,
            `${text} neither open nor done ${where}: it was ${valueText(state)}${holder}`,
          ),
        ];
      });
      return [...gone, ...stuck];
    });
}

function enqueuedText(history: History, { row, container, element }: Acknowledged): string {
  return `job ${valueText(element)} of ${valueText(container)} was enqueued (index ${indexOf(history, row)})`;
}
