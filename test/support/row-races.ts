import { realClock } from "../../src/clock/real-clock.ts";
import type { IsolationLevel } from "../../src/history/header.ts";
import type { History } from "../../src/history/history.ts";
import type { Mop } from "../../src/history/operation.ts";
import { operationAt } from "../../src/history/operation-at.ts";
import { asItIs } from "../../src/testing/experiments/experiment.ts";
import { installInstruments } from "../../src/testing/instrument/install.ts";
import { aloneInProcess } from "../../src/testing/race-mutex.ts";
import { racePlan } from "../../src/testing/search/race-plan.ts";
import { Rehearsal } from "../../src/testing/execution/race-rehearsal.ts";
import { searchRace, movesOf } from "../../src/testing/search/race-search.ts";
import { openRaceStage } from "../../src/testing/race-stage.ts";
import { raceTarget } from "../../src/testing/race-target.ts";
import { rowAnomalies } from "../../src/testing/rows/row-anomalies.ts";
import { setUpName } from "../../src/testing/rows/row-history.ts";
import type { RowApp } from "./row-apps.ts";

/** What one schedule showed. */
export interface WatchedSchedule {
  readonly moves: readonly number[];
  readonly history: History | undefined;
  readonly leftOut: readonly string[];
  readonly anomalies: readonly string[];
  readonly endings: readonly string[];
}

/** Executes every schedule of some functions, or as many as asked for, with rows watched. */
export async function everySchedule(
  app: RowApp,
  options: {
    readonly setup: string;
    readonly level?: IsolationLevel;
    readonly sessions: readonly (() => unknown)[];
    readonly schedules?: number;
    readonly strategy?: "random" | "exhaustive";
    /** Told of each schedule, before the next one begins. */
    readonly each?: (seen: WatchedSchedule) => void;
  },
): Promise<readonly WatchedSchedule[]> {
  return aloneInProcess(async () => {
    const clock = realClock();
    const { target, pool } = raceTarget(app.pool);
    const stage = await openRaceStage(target, clock);
    const instruments = installInstruments(pool);
    const functions = options.sessions.map((run, i) => ({ id: i, name: run.name || `f${i}`, run }));
    const stop = new AbortController().signal;
    const rehearsal = new Rehearsal(
      { stage, functions, setup: options.setup, seed: "1", clock, stop, watch: true },
      asItIs(options.level),
    );
    const seen: WatchedSchedule[] = [];
    try {
      await searchRace({
        stage,
        rehearsal,
        plan: racePlan(
          "1",
          functions.map((_, i) => i),
        ),
        strategy: options.strategy ?? "exhaustive",
        preemptions: undefined,
        schedules: options.schedules ?? 400,
        goesOn: () => true,
        judge: ({ performed, execution, rows }) => {
          const anomalies = rows === undefined ? [] : rowAnomalies(rows).names;
          const endings = execution.endings.map((ending) =>
            ending?.type === "threw" ? String(ending.error) : "returned",
          );
          const one = {
            moves: movesOf(performed),
            history: rows?.history,
            leftOut: rows?.leftOut ?? [],
            anomalies,
            endings,
          };
          seen.push(one);
          options.each?.(one);
          return Promise.resolve(undefined);
        },
      });
      return seen;
    } finally {
      await rehearsal.close();
      instruments.uninstall();
      await stage.close();
    }
  });
}

/** Every anomaly that some schedule showed. */
export function shownBy(schedules: readonly WatchedSchedule[]): readonly string[] {
  return [...new Set(schedules.flatMap(({ anomalies }) => anomalies))].sort();
}

/** What a history says of its transactions, the set-up left out: `f: r item/1 v0: …`, one line for each mop of what ended. */
export function mopsOf(history: History | undefined): readonly string[] {
  if (history === undefined) return [];
  return Array.from({ length: history.length }, (_, i) => operationAt(history, i))
    .filter(({ type, f }) => type !== "invoke" && f !== setUpName)
    .flatMap(({ type, f, value }) =>
      (value as readonly Mop[]).map(([kind, key, version]) => {
        const [, name] = version as readonly [number, string];
        return `${type} ${f} ${kind} ${key as string} ${name}`;
      }),
    );
}

/**
 * What one session is seen to do with rows, beside another that does nothing, and what is left out.
 *
 * @param what statements by themselves, or the session's function
 */
export async function mopsAlone(
  app: RowApp,
  setup: string,
  what: readonly string[] | (() => Promise<unknown>),
): Promise<readonly string[]> {
  const one = async (): Promise<void> => {
    if (typeof what === "function") await what();
    else for (const sql of what) await app.alone(sql);
  };
  const [seen] = await everySchedule(app, { setup, sessions: [one, () => undefined], schedules: 1 });
  const thrown = seen?.endings.find((ending) => ending !== "returned");
  if (seen === undefined || thrown !== undefined) throw new Error(thrown ?? "no schedule was executed");
  return mopsOf(seen.history).concat(seen.leftOut);
}
