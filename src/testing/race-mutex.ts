import { AsyncLocalStorage } from "node:async_hooks";

import { shared } from "./instrument/holder-context.ts";
import { RaceMisuse } from "./race-misuse.ts";

/**
 * Races of one process are held one after another: they share its drivers, and often a database.
 *
 * @throws RaceMisuse in code that a race runs, which would wait for itself
 */
export async function aloneInProcess<T>(work: () => Promise<T>): Promise<T> {
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
  await before;
  try {
    return await inside.run(true, work);
  } finally {
    inside.disable();
    done();
  }
}
