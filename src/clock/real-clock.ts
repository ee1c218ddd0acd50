import { setTimeout as delay } from "node:timers/promises";

import type { Clock } from "./clock.ts";

/** Node takes a longer timeout for 1 ms, so long sleeps are slept in pieces. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's own monotonic clock, counting from this call. */
export function realClock(): Clock {
  const start = process.hrtime.bigint();
  return {
    nanos: () => Number(process.hrtime.bigint() - start),
    sleep: async (ms, signal) => {
      try {
        let left = ms;
        do {
          const piece = Math.min(left, longestTimerMs);
          await delay(piece, undefined, signal === undefined ? {} : { signal });
          left -= piece;
        } while (left > 0);
      } catch (error) {
        throw signal?.aborted === true ? signal.reason : error;
      }
    },
    every: (ms, callback) => {
      const timer = setInterval(callback, Math.min(ms, longestTimerMs)).unref();
      return () => {
        clearInterval(timer);
      };
    },
    date: () => new Date(),
  };
}
