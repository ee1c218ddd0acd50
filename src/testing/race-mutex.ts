import { shared } from "./instrument/holder-context.ts";

/** Races of one process are held one after another: they share its drivers, and often a database. */
export async function aloneInProcess<T>(work: () => Promise<T>): Promise<T> {
  const queue = shared("isolab.race", (): { last: Promise<unknown> } => ({ last: Promise.resolve() }));
  const before = queue.last;
  let done: () => void = () => undefined;
  queue.last = new Promise<void>((resolve) => {
    done = resolve;
  });
  await before;
  try {
    return await work();
  } finally {
    done();
  }
}
