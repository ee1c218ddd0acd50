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

/** Something that this process has once. */
export function shared<T>(name: string, make: () => T): T {
  const key = Symbol.for(name);
  const place = globalThis as Record<symbol, unknown>;
  place[key] ??= make();
  return place[key] as T;
}
