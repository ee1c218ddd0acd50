import { concat } from "./concat.ts";
import type { Generator } from "./generator.ts";
import { mapRest } from "./map-rest.ts";

/**
 * One generator after the other with a barrier before each: all sessions have completed everything
 * drawn earlier before anyone starts the next (`phases` and `synchronize` of jepsen.generator). In a
 * plan this is the number `phase` of an entry. The end of a generator that draws per session is
 * reached when every session has reached its own.
 */
export function phases<T>(...generators: readonly Generator<T>[]): Generator<T> {
  return concat(...generators.map(synchronize));
}

/** A barrier before the first operation, then the generator as it is. */
function synchronize<T>(generator: Generator<T>): Generator<T> {
  return {
    draw: (context) => {
      const drawn = generator.draw(context);
      return drawn.kind === "operation" ? { ...drawn, barrier: true } : mapRest(drawn, synchronize);
    },
  };
}
