import type { Rng } from "../random/rng.ts";
import type { Context, Generator } from "./generator.ts";

/**
 * A fresh operation for every draw, without end.
 *
 * @param make called once for each operation; takes its chance from the stream it is given and
 *   depends on nothing else that changes
 */
export function forever<T>(make: (rng: Rng, context: Context) => T): Generator<T> {
  const generator: Generator<T> = {
    draw: (context) => ({
      kind: "operation",
      operation: make(context.rng, context),
      at: 0,
      rest: generator,
    }),
  };
  return generator;
}

/** The same operation again and again, without end. */
export function repeat<T>(operation: T): Generator<T> {
  return forever(() => operation);
}
