import type { Generator } from "./generator.ts";
import { mapRest } from "./map-rest.ts";

/**
 * At most that many operations of the generator, all sessions together.
 *
 * @throws RangeError unless count is an integer ≥ 0
 */
export function limit<T>(count: number, generator: Generator<T>): Generator<T> {
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`limit(count) needs an integer ≥ 0, got ${count}`);
  return {
    draw: (context) => {
      if (count === 0) return { kind: "done" };
      const drawn = generator.draw(context);
      const left = drawn.kind === "operation" ? count - 1 : count;
      return mapRest(drawn, (rest) => limit(left, rest));
    },
  };
}
