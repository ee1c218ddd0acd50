import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Verdict } from "../checkers/verdict.ts";
import type { History } from "../history/history.ts";
import type { LockWaits, RecordedRun, ReproFiles } from "../report/run/recorded-run.ts";
import type { Schedule } from "../scheduler/schedule.ts";
import { UsageError } from "./usage-error.ts";

/** A bound: bytes of a plan that is read for how many sessions it has; longer ones are those the header tells of. */
const readablePlan = 2_000_000;

/**
 * Reads the files of a run directory for a person. All but the history may be missing: a run that was killed left no
 * verdict, and its history is judged now.
 *
 * @throws UsageError with one sentence when it is none or a file is malformed; HistoryError, MalformedPlan and
 * ScheduleError as their readers do
 */
export async function readRun(directory: string): Promise<RecordedRun> {
  if (!existsSync(directory)) throw new UsageError(`there is no run at ${directory}`);
  const { runFiles } = await import("../runner/run-directory.ts");
  if (!statSync(directory).isDirectory())
    throw new UsageError(`${directory} is a file: name the run directory it lies in`);
  const file = (name: string): string => join(directory, name);
  if (!existsSync(file(runFiles.history)))
    throw new UsageError(`${directory} holds no ${runFiles.history}: it is no run directory`);
  const { loadHistory } = await import("../history/load-history.ts");
  const { history } = await loadHistory(file(runFiles.history));
  const saved = savedVerdict(file(runFiles.verdict));
  return {
    directory,
    history,
    verdict: saved ?? (await judged(history)),
    judgedAnew: saved === undefined,
    hasPlan: existsSync(file(runFiles.plan)),
    sessions: await sessionsOf(file(runFiles.plan), history),
    schedule: await scheduleOf(file(runFiles.schedule)),
    lockWaits: lockWaitsOf(file(runFiles.lockWaits)),
    repro: reproOf(directory),
    ...commandOf(file(runFiles.command)),
  };
}

function savedVerdict(path: string): Verdict | undefined {
  if (!existsSync(path)) return undefined;
  const value = parsed(path);
  if (!isVerdict(value))
    throw new UsageError(`${path} is no verdict of isolab: remove it, and the history is judged anew`);
  return value;
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is no JSON" : String(error);
    throw new UsageError(`${path} cannot be read, since ${why}: remove it, and the report goes without`, {
      cause: error,
    });
  }
}

/** What the page reads of it. */
function isVerdict(value: unknown): value is Verdict {
  if (!isRecord(value)) return false;
  const {
    valid,
    model,
    anomalies,
    counts,
    because = "",
    crashed = [],
    outcomes = noOutcomes,
    cases = {},
  } = value;
  const lists = ["anomalyTypes", "observed", "not", "alsoNot", "notes"].map((name) => value[name]);
  return (
    [true, false, "unknown"].some((known) => known === valid) &&
    typeof model === "string" &&
    typeof because === "string" &&
    [...lists, crashed].every(isTexts) &&
    isRecord(outcomes) &&
    Object.keys(noOutcomes).every((name) => typeof outcomes[name] === "number") &&
    isRecord(anomalies) &&
    Object.values(anomalies).every((witnesses) => Array.isArray(witnesses) && witnesses.every(isWitness)) &&
    isRecord(cases) &&
    Object.values(cases).every(isCases) &&
    isCount(counts) &&
    isRecord(counts.byF) &&
    Object.values(counts.byF).every(isCount)
  );
}

const noOutcomes = { happened: 0, didNot: 0, unknowable: 0, readOnly: 0 };

function isTexts(list: unknown): list is readonly string[] {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}

function isWitness(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { cycle, steps, explanation } = value;
  const isOperation = (one: unknown): boolean =>
    isRecord(one) && typeof one.index === "number" && typeof one.f === "string";
  const isStep = (one: unknown): boolean =>
    isRecord(one) && typeof one.type === "string" && typeof one.explanation === "string";
  return (
    typeof explanation === "string" &&
    Array.isArray(cycle) &&
    cycle.every(isOperation) &&
    Array.isArray(steps) &&
    steps.every(isStep)
  );
}

function isCases(value: unknown): boolean {
  return isRecord(value) && typeof value.count === "number" && typeof value.more === "boolean";
}

function isCount(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && ["ok", "fail", "info"].every((outcome) => typeof value[outcome] === "number");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function judged(history: History): Promise<Verdict> {
  const { check } = await import("../checkers/check.ts");
  const { withAvailability } = await import("../checkers/availability/with-availability.ts");
  return withAvailability(check(history), history);
}

async function sessionsOf(plan: string, { header }: History): Promise<number | undefined> {
  if (existsSync(plan) && statSync(plan).size <= readablePlan) {
    const { decodePlan } = await import("../generators/plan-json.ts");
    return decodePlan(readFileSync(plan, "utf8")).sessions.length;
  }
  const told = header?.params.sessions;
  return typeof told === "number" && Number.isInteger(told) && told > 0 ? told : undefined;
}

async function scheduleOf(path: string): Promise<Schedule | undefined> {
  if (!existsSync(path)) return undefined;
  const { decodeSchedule } = await import("../scheduler/schedule-json.ts");
  return decodeSchedule(readFileSync(path, "utf8"), path);
}

function lockWaitsOf(path: string): LockWaits | undefined {
  if (!existsSync(path)) return undefined;
  const value = parsed(path);
  const { samples, because } = isRecord(value) ? value : {};
  const isSample = (one: unknown): boolean =>
    isRecord(one) && typeof one.atNanos === "number" && typeof one.waiting === "number";
  if (samples === null && typeof because === "string") return { samples, because };
  if (Array.isArray(samples) && samples.every(isSample)) return { samples };
  throw new UsageError(`${path} holds no samples of lock waits: remove it, and the report goes without`);
}

function commandOf(path: string): Pick<RecordedRun, "command"> {
  if (!existsSync(path)) return {};
  const value = parsed(path);
  if (isRecord(value) && isTexts(value.arguments)) return { command: value.arguments };
  throw new UsageError(`${path} holds no arguments of isolab: remove it, and the report goes without`);
}

/** In the directory of what was shrunk, or, where nothing was, beside the history. */
function reproOf(directory: string): ReproFiles | undefined {
  const found = [join(directory, "shrunk"), directory].find((place) => existsSync(join(place, "repro.sql")));
  return found === undefined
    ? undefined
    : { directory: found, sql: readFileSync(join(found, "repro.sql"), "utf8") };
}
