import { setTimeout as delay } from "node:timers/promises";

import type { Clock } from "./clock.ts";

/** The machine's own monotonic clock, counting from this call. */
export function realClock(): Clock {
  const start = process.hrtime.bigint();
  return {
    nanos: () => Number(process.hrtime.bigint() - start),
    sleep: async (ms, signal) => {
      try {
        await delay(ms, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        throw signal?.aborted === true ? signal.reason : error;
      }
    },
    every: (ms, callback) => {
      const timer = setInterval(callback, ms).unref();
      return () => {
        clearInterval(timer);
      };
    },
    date: () => new Date(),
  };
}
