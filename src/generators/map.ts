import type { Generator } from "./generator.ts";

/**
 * Every operation of the generator, changed by a function.
 *
 * @param change pure: it is given the operation alone, so it cannot disturb what is drawn
 */
export function map<T, U>(change: (operation: T) => U, generator: Generator<T>): Generator<U> {
  return {
    draw: (context) => {
      const drawn = generator.draw(context);
      if (drawn.kind === "done") return drawn;
      const rest = map(change, drawn.rest);
      return drawn.kind === "wait"
        ? { ...drawn, rest }
        : { ...drawn, operation: change(drawn.operation), rest };
    },
  };
}
