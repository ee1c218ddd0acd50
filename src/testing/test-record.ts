import type { Clock } from "../clock/clock.ts";
import { realClock } from "../clock/real-clock.ts";
import { shared } from "./instrument/holder-context.ts";
import { withinTimeout } from "./report/within-timeout.ts";

/** An attempt at a test, as its runner tells of it. */
export interface TestAttempt {
  /** The runner's own object for the test. */
  readonly test: object;
  /** Another one when it is tried again or repeated. */
  readonly attempt: string;
  /** In milliseconds; undefined or 0 for none. */
  readonly timeoutMs: number | undefined;
}

/** A race in its test. */
export interface RaceInTest {
  /** Its number among the races of this attempt, from 1. */
  readonly race: number;
  readonly timeLimitMs?: number;
}

interface Records {
  readonly clock: Clock;
  readonly byTest: WeakMap<object, { attempt: string; races: number; beganNanos: number }>;
}

/** To be asked when a race is about to be held: its time is a share of what the races before it have left. */
export function nextRaceOf({ test, attempt, timeoutMs }: TestAttempt): RaceInTest {
  const { clock, byTest } = shared("isolab.tests", (): Records => ({
    clock: realClock(),
    byTest: new WeakMap(),
  }));
  const known = byTest.get(test);
  const record = known?.attempt === attempt ? known : { attempt, races: 0, beganNanos: clock.nanos() };
  record.races++;
  byTest.set(test, record);
  const elapsedMs = (clock.nanos() - record.beganNanos) / 1e6;
  return { race: record.races, ...withinTimeout(timeoutMs, elapsedMs) };
}
