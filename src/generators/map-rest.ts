import type { Draw, Generator } from "./generator.ts";

/** The same answer with the generator of the rest wrapped: what most combinators end with. */
export function mapRest<T>(drawn: Draw<T>, wrap: (rest: Generator<T>) => Generator<T>): Draw<T> {
  return drawn.kind === "done" ? drawn : { ...drawn, rest: wrap(drawn.rest) };
}
