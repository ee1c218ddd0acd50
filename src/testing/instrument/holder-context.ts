import { AsyncLocalStorage } from "node:async_hooks";

import type { Holder } from "./call.ts";

/**
 * Which session's code is running. One for the whole process, however often this module is loaded: a driver is
 * instrumented once.
 */
const storage = shared("isolab.holder", () => new AsyncLocalStorage<Holder>());

/** Runs code as that of a session. */
export function runAs<T>(holder: Holder, code: () => T): T {
  return storage.run(holder, code);
}

/**
 * The session whose code is running; undefined for everybody else's.
 *
 * @param sql what it is about to send, if it is: a session that is over is told
 */
export function currentHolder(sql?: unknown): Holder | undefined {
  const holder = storage.getStore();
  if (holder?.active === true) return holder;
  if (typeof sql === "string") holder?.late(sql);
  return undefined;
}

/** Who is told of statements over the sessions' connections that no session has sent. */
const listener = shared("isolab.strays", () => ({ hear: undefined as ((sql: string) => void) | undefined }));

/** Tells of such a statement. */
export function tellOfStray(sql: unknown): void {
  if (typeof sql === "string") listener.hear?.(sql);
}

/** Hears of such statements until the returned function is called. */
export function hearOfStrays(hear: (sql: string) => void): () => void {
  listener.hear = hear;
  return () => {
    listener.hear = undefined;
  };
}

/** Nobody's code runs as that of a session any more. While somebody's might, every promise of the process costs more. */
export function forgetHolders(): void {
  storage.disable();
}

/** Something that this process has once. */
export function shared<T>(name: string, make: () => T): T {
  const key = Symbol.for(name);
  const place = globalThis as Record<symbol, unknown>;
  place[key] ??= make();
  return place[key] as T;
}
