import type { Clock } from "../../clock/clock.ts";

/** How often a statement that has not been answered yet is asked about, in milliseconds. */
const periodMs = 1;

/** A heartbeat for waiting without a timer of one's own for each statement. */
export interface Pulse {
  /** Beats so far. */
  readonly beats: number;
  /** Resolves at the next beat. */
  next(): Promise<void>;
  stop(): void;
}

/** Beats until it is stopped. */
export function startPulse(clock: Clock): Pulse {
  let beats = 0;
  let waiting: (() => void)[] = [];
  const stop = clock.every(periodMs, () => {
    beats++;
    const now = waiting;
    waiting = [];
    for (const resume of now) resume();
  });
  return {
    get beats() {
      return beats;
    },
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    stop,
  };
}
