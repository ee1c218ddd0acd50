import {
  databaseKinds,
  isolationLevels,
  type DatabaseDescription,
  type IsolationLevel,
} from "../../history/header.ts";
import { isSafeJson } from "../../history/json-value.ts";
import type { Json } from "../../history/operation.ts";
import type { PlanEntry } from "../../generators/plan.ts";
import type { Move } from "../../scheduler/move.ts";

/** Everything a replay needs to execute an interleaving again. */
export interface Reproduction {
  readonly workload: string;
  readonly variant: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** The server it was found on, with the variables that were set or matter. */
  readonly database: DatabaseDescription;
  readonly isolation: IsolationLevel;
  readonly seed: string;
  /** The entries of each session, as in `Plan`. */
  readonly plan: readonly (readonly PlanEntry[])[];
  /** What was let go, step by step. */
  readonly moves: readonly Move[];
  /** Of the history, as {@link digestPattern} has it; a replay that gives the same one is identical. */
  readonly digest?: string;
}

/** The first 64 bits of a SHA-256, in hexadecimal. */
const digestPattern = /^[0-9a-f]{16}$/;

/**
 * Makes sure that a value is a reproduction, and answers it without anything that does not belong there.
 *
 * @param wrong makes the error for a sentence's end such as `"seed" is no text`
 * @throws what `wrong` makes
 */
export function checkReproduction(value: unknown, wrong: (what: string) => Error): Reproduction {
  if (!isRecord(value)) throw wrong("it is no object");
  const { workload, variant, parameters, database, isolation, seed, plan, moves, digest } = value;
  if (!isName(workload)) throw wrong('"workload" is no name');
  if (typeof variant !== "string") throw wrong('"variant" is no name');
  if (!isJsonRecord(parameters)) throw wrong('"parameters" is no object');
  const level = isolationLevels.find((known) => known === isolation);
  if (level === undefined) throw wrong(`"isolation" is none of ${isolationLevels.join(", ")}`);
  if (typeof seed !== "string") throw wrong('"seed" is no text');
  if (!Array.isArray(plan) || plan.length === 0) throw wrong('"plan" is no list of at least one session');
  const sessions = plan.map((entries: unknown, session) => checkSession(entries, session, wrong));
  if (!Array.isArray(moves)) throw wrong('"moves" is no list');
  if (digest !== undefined && !(typeof digest === "string" && digestPattern.test(digest)))
    throw wrong('"digest" is none');
  return {
    workload,
    variant,
    parameters,
    database: checkDatabase(database, wrong),
    isolation: level,
    seed,
    plan: sessions,
    moves: moves.map((move: unknown, i) =>
      checkMove(move, sessions.length, () => wrong(`move ${i} is none`)),
    ),
    ...(digest === undefined ? {} : { digest }),
  };
}

function checkDatabase(value: unknown, wrong: (what: string) => Error): DatabaseDescription {
  const { kind, version, settings } = isRecord(value) ? value : {};
  const known = databaseKinds.find((candidate) => candidate === kind);
  if (known === undefined) throw wrong(`the database's kind is none of ${databaseKinds.join(", ")}`);
  if (typeof version !== "string") throw wrong("the database's version is no text");
  if (!isRecord(settings) || !Object.values(settings).every((setting) => typeof setting === "string"))
    throw wrong("the database's settings are no texts by name");
  return { kind: known, version, settings: settings as Readonly<Record<string, string>> };
}

function checkSession(
  entries: unknown,
  session: number,
  wrong: (what: string) => Error,
): readonly PlanEntry[] {
  if (!Array.isArray(entries)) throw wrong(`session ${session} of the plan is no list`);
  return entries.map((entry: unknown, i) => {
    const place = `entry ${i} of session ${session}`;
    if (!isRecord(entry)) throw wrong(`${place} is no object`);
    const { id, f, args, atNanos, phase } = entry;
    if (!isCount(id)) throw wrong(`the id of ${place} is no integer from 0`);
    if (entry.session !== session) throw wrong(`${place} says that it belongs to another session`);
    if (!isName(f)) throw wrong(`the name of ${place} is none`);
    if (!isJsonRecord(args)) throw wrong(`the arguments of ${place} are no object`);
    if (atNanos !== undefined && !(typeof atNanos === "number" && atNanos >= 0))
      throw wrong(`the time of ${place} is no number from 0`);
    if (phase !== undefined && !isCount(phase)) throw wrong(`the phase of ${place} is no integer from 0`);
    return {
      id,
      session,
      f,
      args,
      ...(atNanos === undefined ? {} : { atNanos }),
      ...(phase === undefined ? {} : { phase }),
    };
  });
}

function checkMove(value: unknown, count: number, wrong: () => Error): Move {
  const { kind, session, sessions, fault } = isRecord(value) ? value : {};
  const isSession = (candidate: unknown): candidate is number => isCount(candidate) && candidate < count;
  if (kind === "grant" && isSession(session)) return { kind, session };
  if (kind === "fault" && isName(fault) && isSession(session)) return { kind, fault, session };
  if (kind === "overlap" && Array.isArray(sessions) && sessions.length === 2) {
    const [first, second] = sessions as readonly unknown[];
    if (isSession(first) && isSession(second) && first !== second) return { kind, sessions: [first, second] };
  }
  throw wrong();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJsonRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return isRecord(value) && isSafeJson(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
