import type { Clock } from "../clock/clock.ts";

/**
 * The application's connection pool, as far as it matters here: a number of permits, one for each connection that
 * may be in use, and a time after which who waits for one gives up.
 */
export interface Pool {
  /**
   * Takes what one operation needs: nothing at all while the pool is not limited.
   *
   * @returns a function that gives it back; undefined when the time was up
   */
  readonly acquire: () => Promise<(() => void) | undefined>;
  /**
   * From now on there are so many connections, and an operation takes `each` of them, one after another, keeping
   * what it has ("nested acquire"): with `each` above one, all of them can be held by those who wait for more.
   *
   * @returns a function that ends the limit; who waits then goes on
   */
  readonly limit: (size: number, each: number, timeoutMs: number) => () => void;
}

interface Limit {
  readonly each: number;
  readonly timeoutMs: number;
  free: number;
  readonly waiting: Set<() => void>;
}

/** Without a limit. */
export function pool(clock: Clock): Pool {
  let limit: Limit | undefined;

  const take = async (from: Limit): Promise<boolean> => {
    const deadline = clock.nanos() + from.timeoutMs * 1e6;
    while (from.free === 0 && limit === from) {
      const left = (deadline - clock.nanos()) / 1e6;
      if (left <= 0) return false;
      await woken(from, left, clock);
    }
    from.free--;
    return true;
  };

  return {
    acquire: async () => {
      const from = limit;
      if (from === undefined) return () => undefined;
      let held = 0;
      const giveBack = (): void => {
        from.free += held;
        held = 0;
        for (const wake of [...from.waiting]) wake();
      };
      for (; held < from.each; held++)
        if (!(await take(from))) {
          giveBack();
          return undefined;
        }
      return giveBack;
    },
    limit: (size, each, timeoutMs) => {
      const set: Limit = { each, timeoutMs, free: size, waiting: new Set() };
      limit = set;
      return () => {
        if (limit === set) limit = undefined;
        for (const wake of [...set.waiting]) wake();
      };
    },
  };
}

/** Resolves when a permit may be free, or the time is up. */
async function woken({ waiting }: Limit, timeoutMs: number, clock: Clock): Promise<void> {
  const enough = new AbortController();
  const wake = (): void => {
    enough.abort();
  };
  waiting.add(wake);
  try {
    await clock.sleep(timeoutMs, enough.signal);
  } catch {
    // Woken.
  } finally {
    waiting.delete(wake);
  }
}
