import type { History } from "../../history/history.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import { CaseTally } from "../case-tally.ts";
import { type Witness, witnessesPerType } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { member } from "./json-members.ts";
import { type PlannedWork, plannedWork } from "./planned-operations.ts";
import { caseOf, casesByAnomaly, told } from "./told.ts";

/**
 * Causes of failures for which others are to blame who were at work at the same time: the same transaction
 * may well succeed when it is tried again. `locked-row` is what an application says that skipped one.
 */
const refusals: readonly string[] = [
  "deadlock",
  "lock-not-available",
  "lock-timeout",
  "serialization-failure",
  "snapshot-conflict",
  "locked-row",
];

/** How many attempts of one operation a witness names. */
const namedAttempts = 3;

/**
 * No caller's work is lost because others were at work at the same time: an operation whose last attempt was
 * the victim of a deadlock, was refused a lock or lost against another one's snapshot is tried again. One that
 * never was is `lost-work`. The notes count attempts that were refused, and what became of their operations.
 *
 * Assumes: every attempt writes its own id, `<operation>.<attempt>`; whatever does not is not judged. `fail`
 * says that nothing of an attempt was committed, so an operation all of whose attempts failed never was. An
 * operation with an attempt of unknown outcome is not accused. Nor is one after which its process did nothing
 * more: there the end of the run may have come before the next attempt, unless the run was interleaved, has
 * no time limit, and was read at rest, which is what comes last. Linear.
 */
export const deadlocks: DomainChecker = {
  name: "deadlocks",
  summary: "no operation is lost to a deadlock or to a lock that was refused",
  anomalies: {
    "lost-work":
      "an operation was given up because others were at work at the same time, and never committed",
  },
  check,
};

/** What became of an operation of which an attempt was refused. */
type Fate = "committed" | "lost" | "other";

function check(history: History): DomainResult {
  const work = plannedWork(history);
  const isOver = endsOf(history);
  const causes = new Map<string, number>();
  const fates: Record<Fate, number> = { committed: 0, lost: 0, other: 0 };
  const witnesses: Witness[] = [];
  const tally = new CaseTally();
  for (const one of work) {
    const refused = refusalsIn(history, one);
    if (refused.length === 0) continue;
    for (const cause of refused) causes.set(cause, (causes.get(cause) ?? 0) + 1);
    const fate = fateOf(history, one, isOver);
    fates[fate]++;
    if (fate !== "lost") continue;
    tally.add(namedIn(one));
    if (witnesses.length < witnessesPerType) witnesses.push(lostWitness(history, one));
  }
  const attempts = work.reduce((sum, one) => sum + one.attempts.length, 0);
  return {
    anomalies: casesByAnomaly({ "lost-work": witnesses }),
    cases: { "lost-work": tally.cases(history.index) },
    notes: notes(attempts, causes, fates),
  };
}

/** The causes with which attempts were refused. */
function refusalsIn(history: History, { attempts }: PlannedWork): readonly string[] {
  return attempts.flatMap(({ row, ending }) => (ending === "fail" ? (refusalOf(history, row) ?? []) : []));
}

function refusalOf(history: History, row: number): string | undefined {
  const cause = member(history.error.get(row), "cause");
  return refusals.find((refusal) => refusal === cause);
}

function fateOf(history: History, { attempts }: PlannedWork, isOver: (row: number) => boolean): Fate {
  if (attempts.some(({ ending }) => ending === "ok")) return "committed";
  const last = attempts.at(-1)?.row ?? -1;
  const given = attempts.every(({ ending }) => ending === "fail") && refusalOf(history, last) !== undefined;
  return given && isOver(last) ? "lost" : "other";
}

/** Whether an attempt that ended here was surely not about to be made again. */
function endsOf(history: History): (row: number) => boolean {
  const wasReadAtRest = [...told(history)].some(({ isAtRest }) => isAtRest);
  const isComplete = history.header?.mode === "interleaved" && wasReadAtRest;
  const lastOfProcess = new Map<number, number>();
  for (let row = 0; row < history.length; row++) lastOfProcess.set(history.process[row] ?? -1, row);
  return (row) => isComplete || (lastOfProcess.get(history.process[row] ?? -1) ?? row) > row;
}

/** Rows of the attempts that a witness names. */
function namedIn({ attempts }: PlannedWork): readonly number[] {
  return attempts.slice(-namedAttempts).map(({ row }) => row);
}

function lostWitness(history: History, work: PlannedWork): Witness {
  const { operation, attempts } = work;
  const made = namedIn(work);
  const ends = made.map(
    (row) => `${valueText(member(history.error.get(row), "cause"))} (index ${indexOf(history, row)})`,
  );
  const f = history.functions[history.f[made[0] ?? 0] ?? 0] ?? "";
  const before = attempts.length > made.length ? `, after ${attempts.length - made.length} more,` : "";
  const [tries, with_] =
    attempts.length === 1 ? ["its only attempt", ""] : [`all ${attempts.length} attempts`, before];
  return caseOf(
    history,
    made,
    `operation ${valueText(operation)}, a ${valueText(f)}, never committed: ${tries} failed${with_} with ` +
      sentenceList(ends),
  );
}

function notes(
  attempts: number,
  causes: ReadonlyMap<string, number>,
  { committed, lost, other }: Readonly<Record<Fate, number>>,
): readonly string[] {
  if (attempts === 0) return [];
  const refused = [...causes.values()].reduce((sum, count) => sum + count, 0);
  if (refused === 0) return [`None of ${attempts} attempts was refused because of others.`];
  const by = [...causes].sort().map(([cause, count]) => `${count} ${cause}`);
  const became = [
    ...(committed > 0 ? [`${committed} committed in a later attempt`] : []),
    lost > 0 ? `${lost} ${lost === 1 ? "was" : "were"} given up and lost` : "none was lost",
    ...(other > 0 ? [`${other} ended otherwise or with the run`] : []),
  ];
  return [
    `${refused} of ${attempts} attempts ${refused === 1 ? "was" : "were"} refused because of others ` +
      `(${by.join(", ")}). Of the operations that met this, ${sentenceList(became)}.`,
  ];
}
