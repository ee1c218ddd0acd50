import type { Clock } from "../../clock/clock.ts";

/** How often a statement that has not been answered yet is asked about, in milliseconds. */
const periodMs = 1;

/** A heartbeat for waiting without a timer of one's own for each statement. */
export interface Pulse {
  /** Beats so far. */
  readonly beats: number;
  stop(): void;
}

/** Beats until it is stopped, and calls back at every beat. */
export function startPulse(clock: Clock, onBeat: () => void): Pulse {
  let beats = 0;
  const stop = clock.every(periodMs, () => {
    beats++;
    onBeat();
  });
  return {
    get beats() {
      return beats;
    },
    stop,
  };
}
