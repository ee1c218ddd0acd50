import { AsyncLocalStorage } from "node:async_hooks";

import { shared } from "./instrument/holder-context.ts";
import type { RaceLimit } from "./race-limit.ts";
import { RaceMisuse } from "./race-misuse.ts";

/**
 * Races of one process are held one after another: they share its drivers, and often a database.
 *
 * @param limit how long it may wait for the others; no limit unless given
 * @throws RaceMisuse in code that a race runs, which would wait for itself; when it has waited too long
 */
export async function aloneInProcess<T>(work: () => Promise<T>, limit?: RaceLimit): Promise<T> {
  const inside = shared("isolab.inRace", () => new AsyncLocalStorage<true>());
  if (inside.getStore() === true)
    throw new RaceMisuse(
      "A race is held within another one, in its set-up, a session or an invariant: hold them one after another.",
    );
  const queue = shared("isolab.race", (): { last: Promise<unknown> } => ({ last: Promise.resolve() }));
  const before = queue.last;
  let done: () => void = () => undefined;
  queue.last = new Promise<void>((resolve) => {
    done = resolve;
  });
  if (limit === undefined) await before;
  else if (!(await limit.inTime(before))) {
    void before.then(done);
    throw new RaceMisuse(waitedInVain);
  }
  try {
    return await inside.run(true, work);
  } finally {
    inside.disable();
    done();
  }
}

const waitedInVain =
  "Another race of this process was still going on when the time of this one was over, and they are held one after another: `await` each race, allow the tests more time (their timeout), or hold fewer at the same time (`test.concurrent`).";
