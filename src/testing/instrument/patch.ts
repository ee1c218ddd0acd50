import { AsyncResource } from "node:async_hooks";

/** Any function of a driver's. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** A class as a driver exports it. */
export interface Patchable {
  readonly prototype: object;
}

/**
 * Replaces a method on the prototype that has it, until the returned function is called.
 *
 * @param make the new method, given the one that it replaces
 */
export function patchMethod(prototype: object, name: string, make: (original: Method) => Method): () => void {
  const owner = ownerOf(prototype, name);
  if (owner === undefined) return () => undefined;
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  const original = descriptor?.value as Method;
  const replacement = make(original);
  Object.defineProperty(owner, name, { ...descriptor, value: replacement });
  return () => {
    // Somebody who has replaced it since keeps what is theirs.
    if ((owner as Record<string, unknown>)[name] === replacement)
      Object.defineProperty(owner, name, { ...descriptor, value: original });
  };
}

/** The prototype on which a method stands. */
function ownerOf(prototype: object, name: string): object | undefined {
  return ownersOf(prototype, name)[0];
}

/** The prototype on which a method stands that subclasses may override: theirs call it, sooner or later. */
export function firstOwnerOf(prototype: object, name: string): object | undefined {
  return ownersOf(prototype, name).at(-1);
}

function ownersOf(prototype: object, name: string): readonly object[] {
  const owners: object[] = [];
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null)
    if (typeof Object.getOwnPropertyDescriptor(at, name)?.value === "function") owners.push(at);
  return owners;
}

/**
 * Arguments whose callbacks are called as the code of whoever asked. A driver calls them as that of whoever had the
 * connection made, which may have been a session.
 */
export function bound(args: readonly unknown[]): unknown[] {
  return args.map((arg): unknown => (typeof arg === "function" ? boundCallback(arg as Method) : arg));
}

/**
 * A callback that is called in the context in which this is called. `AsyncResource.bind` does the same at several times
 * the cost on Node 20, where it defines a deprecated property on every function (DEP0172).
 */
export function boundCallback<Args extends unknown[], Result>(
  callback: (this: unknown, ...args: Args) => Result,
): (this: unknown, ...args: Args) => Result {
  const context = new AsyncResource("isolab");
  return function boundToContext(...args) {
    return context.runInAsyncScope(callback, this, ...args);
  };
}
