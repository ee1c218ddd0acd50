import { type Rng, stream } from "../random/rng.ts";
import type { Draw, Generator } from "./generator.ts";

export interface SimulationOptions<T> {
  /** How many sessions draw at the same time. */
  readonly sessions: number;
  readonly seed: string;
  /** How long an operation takes; the stream is one of its own, named `latency`. */
  readonly latencyNanos: (operation: T, rng: Rng) => number;
  /** Stops after this many operations. Default 10 000. */
  readonly operations?: number;
}

/** One operation of a simulation. Times are virtual nanoseconds. */
export interface SimulatedOperation<T> {
  /** When it started. */
  readonly time: number;
  readonly session: number;
  readonly operation: T;
  /** When it ended. */
  readonly completed: number;
}

/**
 * Runs a generator against imaginary sessions in virtual time: the test bench for generators (as
 * jepsen.generator.test). The session that has been free for longest draws next, the lowest number
 * first. Ordered by start, then by draw. The generator draws from the stream named `generator`.
 *
 * Cost: O(sessions) per draw.
 *
 * @throws Error when the generator lets sessions wait without end, or for a time that has passed
 */
export function simulate<T>(generator: Generator<T>, options: SimulationOptions<T>): SimulatedOperation<T>[] {
  const { sessions, seed, latencyNanos, operations = 10_000 } = options;
  const rng = stream(seed, "generator");
  const latency = stream(seed, "latency");
  const freeAt = new Array<number>(sessions).fill(0);
  const run: SimulatedOperation<T>[] = [];
  let rest = generator;
  let now = 0;
  let barrier = 0;
  let waits = 0;

  const start = (session: number, drawn: Draw<T> & { kind: "operation" }): void => {
    if (drawn.barrier === true)
      barrier = run.reduce((last, { completed }) => Math.max(last, completed), barrier);
    const time = Math.max(now, drawn.at, barrier);
    const completed = time + latencyNanos(drawn.operation, latency);
    run.push({ time, session, operation: drawn.operation, completed });
    freeAt[session] = completed;
    wakeWaiting(freeAt, now);
  };

  while (run.length < operations) {
    const session = longestFree(freeAt);
    const free = freeAt[session] ?? Infinity;
    if (free === Infinity) break;
    now = Math.max(now, free);
    const drawn = rest.draw({ time: now, session, sessions, rng });
    if (drawn.kind === "done") break;
    rest = drawn.rest;
    waits = drawn.kind === "wait" ? waits + 1 : 0;
    if (drawn.kind === "operation") start(session, drawn);
    else if (drawn.until > now && waits <= waitsAllowed) freeAt[session] = drawn.until;
    else throw new Error(`the generator lets sessions wait without end at ${now} ns`);
  }
  return run.sort((a, b) => a.time - b.time);
}

/** Turns in a row without an operation, before that counts as without end. */
const waitsAllowed = 100_000;

/** Sessions that wait for others to draw get another chance. */
function wakeWaiting(freeAt: number[], now: number): void {
  for (const [session, free] of freeAt.entries()) if (free === Infinity) freeAt[session] = now;
}

function longestFree(freeAt: readonly number[]): number {
  return freeAt.reduce((best, free, session) => (free < (freeAt[best] ?? Infinity) ? session : best), 0);
}
