import type { Rng } from "../random/rng.ts";

/** A stream that may be drawn from for a while. */
export interface LentStream {
  readonly draw: Rng;
  /** From now on it refuses. */
  readonly takeBack: () => void;
}

/** Lends a stream. @param late tells of a draw after it was taken back, and answers what is thrown then */
export function lentStream(stream: Rng, late: () => Error): LentStream {
  let isLent = true;
  const lent = (): Rng => {
    if (!isLent) throw late();
    return stream;
  };
  return {
    draw: {
      float: () => lent().float(),
      int: (bound) => lent().int(bound),
      chance: (probability) => lent().chance(probability),
      pick: (items) => lent().pick(items),
    },
    takeBack: () => {
      isLent = false;
    },
  };
}
