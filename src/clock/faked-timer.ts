/** What everything here rests on, and drivers too. */
const needed: Readonly<Record<string, () => unknown>> = {
  setTimeout: () => setTimeout,
  setInterval: () => setInterval,
  setImmediate: () => setImmediate,
  "process.nextTick": () => Reflect.get(process, "nextTick"),
  "process.hrtime": () => Reflect.get(process, "hrtime"),
};

/**
 * The name of a timer that a test runner has put a fake in the place of, if there is one: `@sinonjs/fake-timers`, which
 * jest and vitest use, marks its own by `clock`.
 */
export function fakedTimer(): string | undefined {
  return Object.entries(needed).find(
    ([, timer]) => (timer() as { readonly clock?: unknown }).clock !== undefined,
  )?.[0];
}
