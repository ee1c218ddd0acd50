import type { Draw, Generator } from "./generator.ts";
import { mapRest } from "./map-rest.ts";

/**
 * All operations of the first generator, then all of the second, and so on. Nobody waits in
 * between: the last operations of one may still run when the first of the next starts. See `phases`.
 */
export function concat<T>(...generators: readonly Generator<T>[]): Generator<T> {
  return {
    draw: (context): Draw<T> => {
      for (const [position, generator] of generators.entries()) {
        const drawn = generator.draw(context);
        if (drawn.kind === "done") continue;
        return mapRest(drawn, (rest) => concat(rest, ...generators.slice(position + 1)));
      }
      return { kind: "done" };
    },
  };
}
