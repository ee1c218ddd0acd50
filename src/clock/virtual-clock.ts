import type { Clock } from "./clock.ts";

/** A clock whose time stands still until it is told to move. */
export interface VirtualClock extends Clock {
  /**
   * Moves time on by that long. Wakes whatever falls due on the way, one at a time: the earliest
   * first, at equal times in the order it was asked for. What a woken sleeper does without real
   * input or output is finished before the next one wakes, and a sleep it begins counts from the
   * moment it woke.
   *
   * Cost: O(waiting) per wake. Rejects with what an `every` callback threw.
   *
   * @throws RangeError (as a rejection) for a negative or endless time, Error while another advance is under way
   */
  advance(ms: number): Promise<void>;
}

/** One thing to do when its time comes. */
interface Alarm {
  readonly dueNanos: number;
  readonly ring: () => void;
}

/**
 * A {@link Clock} for tests and simulation. `nanos()` begins at 0 and holds whole nanoseconds.
 *
 * @param began the date and time of day at nanosecond 0
 */
export function virtualClock(began: Date = new Date(Date.UTC(2000, 0, 1))): VirtualClock {
  let now = 0;
  let advancing = false;
  const alarms = new Set<Alarm>();

  const setAlarm = (ms: number, ring: () => void): Alarm => {
    const alarm = { dueNanos: now + toNanos(Math.max(0, ms)), ring };
    alarms.add(alarm);
    return alarm;
  };

  const advanceTo = async (targetNanos: number): Promise<void> => {
    await settle();
    for (let alarm = earliest(alarms); alarm !== undefined; alarm = earliest(alarms)) {
      if (alarm.dueNanos > targetNanos) break;
      alarms.delete(alarm);
      now = alarm.dueNanos;
      alarm.ring();
      await settle();
    }
    now = targetNanos;
  };

  return {
    nanos: () => now,
    date: () => new Date(began.getTime() + Math.floor(now / 1e6)),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          alarms.delete(alarm);
          // The reason is the caller's own, whatever it is.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(signal?.reason);
        };
        const alarm = setAlarm(ms, () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        });
        if (signal?.aborted === true) abort();
        else signal?.addEventListener("abort", abort, { once: true });
      }),
    every: (ms, callback) => {
      // As real intervals do; a period of 0 would never let time pass.
      const periodMs = Math.max(1, ms);
      const ring = (): void => {
        alarm = setAlarm(periodMs, ring);
        callback();
      };
      let alarm = setAlarm(periodMs, ring);
      return () => {
        alarms.delete(alarm);
      };
    },
    advance: async (ms) => {
      if (!Number.isFinite(ms) || ms < 0)
        throw new RangeError(`advance(ms) needs a finite number ≥ 0, got ${ms}`);
      if (advancing) throw new Error("a virtual clock is advanced by one caller at a time");
      advancing = true;
      try {
        await advanceTo(now + toNanos(ms));
      } finally {
        advancing = false;
      }
    },
  };
}

function toNanos(ms: number): number {
  return Math.round(ms * 1e6);
}

/** A set lists in the order of insertion, so of equal times the one asked for first is found. */
function earliest(alarms: ReadonlySet<Alarm>): Alarm | undefined {
  let first: Alarm | undefined;
  for (const alarm of alarms) if (first === undefined || alarm.dueNanos < first.dueNanos) first = alarm;
  return first;
}

/** Comes back once every promise that can go on without input or output has done so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
