import type { Draw, Generator } from "./generator.ts";

/**
 * A generator of its own for every session, which no other session draws from; the whole is done
 * when each of them is (`each-thread` of jepsen.generator). A session that is done waits for the
 * others. Barriers inside are dropped: a session alone runs its operations one after the other anyway.
 *
 * Cost: O(sessions) per draw, on top of the session's own generator.
 *
 * @param make gives a session's generator, from its number; pure, called at the session's first draw
 */
export function perSession<T>(make: (session: number) => Generator<T>): Generator<T> {
  return withSessions(make, []);
}

/** What is left for a session: a generator, "done", or undefined before its first draw. */
type Own<T> = Generator<T> | "done" | undefined;

function withSessions<T>(make: (session: number) => Generator<T>, owns: readonly Own<T>[]): Generator<T> {
  return {
    draw: (context): Draw<T> => {
      const { session } = context;
      const own = owns[session] ?? make(session);
      const drawn = own === "done" ? ({ kind: "done" } as const) : own.draw(context);
      const left = Array.from({ length: context.sessions }, (_, other) => owns[other]);
      left[session] = drawn.kind === "done" ? "done" : drawn.rest;
      const rest = withSessions(make, left);
      switch (drawn.kind) {
        case "operation":
          return { kind: "operation", operation: drawn.operation, at: drawn.at, rest };
        case "wait":
          return { kind: "wait", until: drawn.until, rest };
        case "done":
          return left.every((each) => each === "done") ? drawn : { kind: "wait", until: Infinity, rest };
      }
    },
  };
}
