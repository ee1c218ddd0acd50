import { field } from "../../clients/error-table.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { asItIs } from "../experiments/experiment.ts";
import { atLevel } from "../experiments/levels.ts";
import { withLocks } from "../experiments/locking-reads.ts";
import { isRefusal, withRetry } from "../experiments/with-retry.ts";
import type { RaceFault } from "../race-finding.ts";
import { sameFault } from "../race-finding.ts";
import type { RaceDiagnosis, RaceRemedy } from "../race-result.ts";
import { isSerial, type Searched } from "./race-search.ts";
import type { Rehearsed } from "../execution/race-rehearsal.ts";
import { uniqueCandidates, type UniqueCandidate } from "./unique-candidates.ts";

/** What a diagnosis is made with. */
export interface DiagnosisOptions {
  readonly fault: RaceFault;
  /** The smallest execution that shows it. */
  readonly shown: Rehearsed;
  readonly experiment: Experiment;
  /** The server is ours: an index may be tried. */
  readonly isOwn: boolean;
  readonly dialect: "postgres" | "mysql";
  /** Searches the schedules of the functions that take part; more set-up comes after the user's. */
  readonly search: (experiment: Experiment, index?: IndexTrial) => Promise<Searched>;
  readonly goesOn: () => boolean;
}

/** A unique index that is there during a search. */
export interface IndexTrial {
  readonly create: string;
  readonly drop: string;
}

/** Tells where a race comes from, by trying what would mend it. Undefined where there was no time. */
export async function diagnose(request: DiagnosisOptions): Promise<RaceDiagnosis | undefined> {
  if (isSerial(request.shown.performed)) return { cause: "sequential", complete: true, remedies: [] };
  const options = { ...request, retried: once(() => request.search(serializableWithRetry)) };
  const { goesOn } = options;
  if (!goesOn()) return undefined;
  const cause = await causeOf(options);
  const remedies: RaceRemedy[] = [];
  for (const trial of trials(options)) {
    if (!goesOn()) break;
    const searched = await trial.search();
    // What a remedy keeps from running mends nothing.
    const helps =
      searched.found === undefined && searched.neverEnded.length === 0 && searched.stuck === undefined;
    if (!trial.applied()) continue;
    // Nothing that would be found any more.
    if (helps && !goesOn()) break;
    const { executed: schedules, complete } = searched;
    remedies.push({
      name: trial.name,
      change: trial.change(),
      helps,
      complete: complete === true,
      schedules,
    });
  }
  return { cause, complete: goesOn(), remedies };
}

/** A request, and what came of SERIALIZABLE with retry, which is searched at most once. */
interface Diagnosing extends DiagnosisOptions {
  readonly retried: () => Promise<Searched>;
}

const serializableWithRetry: Experiment = { ...atLevel("serializable"), around: withRetry };

/** What SERIALIZABLE makes of it; where a session was refused there, what it makes of it with retry. */
async function causeOf({ fault, search, retried, goesOn }: Diagnosing): Promise<RaceDiagnosis["cause"]> {
  for (const searched of [await search(atLevel("serializable")), undefined]) {
    const { found, stuck, neverEnded } = searched ?? (await retried());
    // Nothing that would be found any more.
    if (found === undefined && !goesOn()) return "unknown";
    if (found === undefined && stuck === undefined && neverEnded.length === 0) return "level";
    // What an invariant misses may be what the refused session would have done.
    if (found !== undefined && sameFault(found.fault, fault) && !wasRefused(found.rehearsed)) return "scope";
  }
  return "unknown";
}

function wasRefused({ execution }: Rehearsed): boolean {
  return execution.endings.some(
    (ending) => ending?.type !== "returned" && (isRefusal(ending?.error) || isBrokenOff(ending?.error)),
  );
}

/** PostgreSQL refuses statements in a transaction that it has refused already. */
function isBrokenOff(error: unknown): boolean {
  return field(error, "code") === "25P02";
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

interface Trial {
  readonly name: RaceRemedy["name"];
  readonly search: () => Promise<Searched>;
  /** Whether there was anything to change. */
  readonly applied: () => boolean;
  readonly change: () => string;
}

function trials({ shown, experiment, search, retried, isOwn, dialect }: Diagnosing): readonly Trial[] {
  const locked = new Set<string>();
  const locking: Experiment = {
    ...asItIs(experiment.level),
    rewrite: (sql) => {
      const changed = withLocks(sql);
      if (changed !== sql) locked.add(sql.replace(/[\s;]+$/, "").trim());
      return changed;
    },
  };
  return [
    {
      name: "FOR UPDATE",
      search: () => search(locking),
      applied: () => locked.size > 0,
      change: () => [...locked].map((sql) => `${sql} FOR UPDATE`).join("; "),
    },
    ...(isOwn ? uniqueCandidates(shown.performed.trace.events) : []).map((candidate): Trial => {
      const trial = indexTrial(candidate, dialect);
      return {
        name: "unique index",
        search: () => search(asItIs(experiment.level), trial),
        applied: () => true,
        change: () => `CREATE UNIQUE INDEX ON ${candidate.table} (${candidate.columns.join(", ")})`,
      };
    }),
    {
      name: "SERIALIZABLE with retry",
      search: retried,
      applied: () => true,
      change: () =>
        "every transaction at SERIALIZABLE, run again after a serialization failure or a deadlock",
    },
  ];
}

const indexName = "isolab_trial";

function indexTrial({ table, columns }: UniqueCandidate, dialect: "postgres" | "mysql"): IndexTrial {
  const list = columns.map((column) => (dialect === "postgres" ? `"${column}"` : `\`${column}\``)).join(", ");
  return {
    create: `create unique index ${indexName} on ${table} (${list})`,
    drop:
      dialect === "postgres" ? `drop index if exists ${indexName}` : `drop index ${indexName} on ${table}`,
  };
}
