import type { Clock } from "./clock.ts";

/** The same clock, counting its nanoseconds from this call. */
export function fromNow(clock: Clock): Clock {
  const start = clock.nanos();
  return { ...clock, nanos: () => clock.nanos() - start };
}
