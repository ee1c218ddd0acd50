import { lookUp, similarNames } from "../checkers/explain/known-names.ts";
import type { IsolationLevel } from "../history/header.ts";
import { stream } from "../random/rng.ts";
import { lentStream } from "./lent-stream.ts";
import { distinctNames, functionName } from "./report/function-name.ts";
import { toIsolationLevel } from "./isolation-name.ts";
import type { RaceFunction } from "./execution/race-execution.ts";
import { RaceMisuse } from "./race-misuse.ts";
import type { RaceOptions, RaceStrategy, SessionFunction } from "./race-options.ts";
import { mostFunctions, replayOf } from "./search/race-token.ts";
import { mostSessions } from "./serial/serial-oracle.ts";

/** Options with everything decided that can be. */
export interface RaceParameters {
  /** The functions of a mix, by its number from 0; always the same ones where they are not generated. Each mix is drawn once. */
  readonly functions: (mix: number) => readonly RaceFunction[];
  /** The same, drawn again. */
  readonly drawnAgain: (mix: number) => readonly RaceFunction[];
  /** Functions are drawn. */
  readonly generated: boolean;
  /** @throws RaceMisuse where a function has drawn by now while it ran */
  readonly refuseLateDraws: () => void;
  readonly level: IsolationLevel | undefined;
  /** Canonical names of anomalies that must not be. */
  readonly anomalies: readonly string[];
  readonly schedules: number;
  readonly seed: string;
  readonly strategy: RaceStrategy;
  readonly preemptions: number | undefined;
  /** Whether so many sessions are compared with all serial orders of them. */
  readonly comparesOrders: (sessions: number) => boolean;
  readonly replay: string | undefined;
}

/** At most so many schedules, unless given. */
export const defaultSchedules = 200;

const strategies: readonly RaceStrategy[] = ["auto", "random", "pct", "exhaustive"];

/**
 * @param environment where `ISOLAB_SEED` and `ISOLAB_REPLAY` may be
 * @param race its number among the races of its test, from 1
 * @throws RaceMisuse
 */
export function raceParameters<S extends readonly SessionFunction[]>(
  options: RaceOptions<S>,
  environment: Readonly<Record<string, string | undefined>>,
  race?: number,
): RaceParameters {
  refuseUnknown(options);
  const { sessions, isolation, schedules = defaultSchedules, strategy = "auto", preemptions } = options;
  if (!Number.isInteger(schedules) || schedules < 1)
    throw new RaceMisuse(`schedules is an integer from 1, not ${schedules}.`);
  if (!strategies.includes(strategy))
    throw new RaceMisuse(`strategy is "${strategy}", which is none of ${strategies.join(", ")}.`);
  if (preemptions !== undefined && (!Number.isInteger(preemptions) || preemptions < 0))
    throw new RaceMisuse(`preemptions is an integer from 0, not ${preemptions}.`);
  const seed = String(options.seed ?? nonEmpty(environment.ISOLAB_SEED) ?? "1");
  const generated = typeof sessions === "function";
  let late: RaceMisuse | undefined;
  const mixOf = (mix: number): readonly unknown[] => {
    if (!generated) return sessions;
    const { draw, takeBack } = lentStream(
      stream(seed, `mix/${mix}`),
      () => (late ??= new RaceMisuse(drawnLate)),
    );
    try {
      return sessions(draw);
    } finally {
      takeBack();
    }
  };
  const draw = (mix: number): readonly RaceFunction[] => {
    const functions = checked(mixOf(mix));
    refuseUnjudged(options, functions.length);
    return functions;
  };
  if (!generated) draw(0);
  const drawn = new Map<number, readonly RaceFunction[]>();
  return {
    functions: (mix) => {
      const functions = drawn.get(mix) ?? draw(mix);
      drawn.set(mix, functions);
      return functions;
    },
    drawnAgain: draw,
    generated,
    refuseLateDraws: () => {
      if (late !== undefined) throw late;
    },
    level: isolation === undefined ? undefined : levelOf(isolation),
    anomalies: (options.anomalies ?? []).map(anomalyOf),
    schedules,
    seed,
    strategy: preemptions === undefined ? strategy : "exhaustive",
    preemptions,
    comparesOrders: (count) => options.serializable !== false && count <= mostSessions,
    replay: nonEmpty(options.replay ?? replayOf(race, environment.ISOLAB_REPLAY)),
  };
}

const known: Readonly<Record<keyof RaceOptions, true>> = {
  sessions: true,
  setup: true,
  invariant: true,
  serializable: true,
  gaveUp: true,
  ignore: true,
  anomalies: true,
  isolation: true,
  schedules: true,
  seed: true,
  strategy: true,
  preemptions: true,
  timeLimitMs: true,
  replay: true,
  shrink: true,
  diagnose: true,
  signal: true,
};

/** Whoever has no types may pass anything. @throws RaceMisuse where there are no options */
export function refuseNone(options: unknown): void {
  if (typeof options !== "object" || options === null)
    throw new RaceMisuse(
      "A race has options beside its database, `sessions` at least: race(pool, { setup, sessions: [() => book(1), () => book(2)] }).",
    );
}

const drawnLate =
  "A function drew while it ran, and would draw something else each time it runs: draw before the functions run, as in `(draw) => { const sum = draw.int(100); return [() => pay(sum), () => pay(sum)]; }`.";

/** An option that is not known would be one that does nothing, and the test would be green. */
function refuseUnknown(options: object): void {
  const names = Object.keys(known);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new RaceMisuse(`A race has no option "${unknown}"; it has ${names.join(", ")}.`);
  const { invariant } = options as RaceOptions;
  const checks = typeof invariant === "object" ? Object.values(invariant) : [invariant ?? (() => true)];
  if (!checks.every((check) => typeof check === "function"))
    throw new RaceMisuse("invariant is a function, or functions by name.");
}

/** A race that nothing judges would be green whatever happens. */
function refuseUnjudged({ serializable, invariant, anomalies = [] }: Judges, count: number): void {
  const isJudged =
    Object.keys(invariant ?? {}).length > 0 || typeof invariant === "function" || anomalies.length > 0;
  if (serializable === false) {
    if (isJudged) return;
    throw new RaceMisuse(
      "With `serializable: false` nothing judges the race: give it an `invariant`, or `anomalies`.",
    );
  }
  if (count <= mostSessions || (isJudged && serializable === undefined)) return;
  throw new RaceMisuse(
    `${count} sessions have too many serial orders to compare with all of them, which is done for ${mostSessions} at most: ` +
      `${isJudged ? "leave out `serializable: true`, and let the invariant or the anomalies judge" : "give an `invariant` to judge by"}, or race ${mostSessions} sessions.`,
  );
}

/** The options that say what a race is judged by. */
interface Judges {
  readonly serializable?: boolean;
  readonly invariant?: unknown;
  readonly anomalies?: readonly string[];
}

function checked(sessions: readonly unknown[]): readonly RaceFunction[] {
  if (!Array.isArray(sessions) || !sessions.every((run) => typeof run === "function"))
    throw new RaceMisuse(
      "A race has `sessions`: a list of functions, each of them run as a session of its own.",
    );
  if (sessions.length < 2 || sessions.length > mostFunctions)
    throw new RaceMisuse(`A race has 2 to ${mostFunctions} sessions, not ${sessions.length}.`);
  const runs = sessions as readonly SessionFunction[];
  const names = distinctNames(runs.map(functionName));
  return runs.map((run, id) => ({ id, name: names[id] ?? `session ${id}`, run }));
}

function levelOf(name: string): IsolationLevel {
  try {
    return toIsolationLevel(name);
  } catch (error) {
    throw new RaceMisuse(`${(error as Error).message}.`);
  }
}

function anomalyOf(name: string): string {
  const known = lookUp(name);
  if (known?.kind === "anomaly") return known.name;
  const near = similarNames(name).filter((one) => lookUp(one)?.kind === "anomaly");
  throw new RaceMisuse(
    `There is no anomaly "${name}"${near.length === 0 ? "" : `; do you mean ${near.join(", ")}`}.`,
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
