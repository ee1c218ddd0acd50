import type { Searched } from "./race-search.ts";

/** A search that executed no schedule. */
export const nothingSearched: Searched = {
  executed: 0,
  distinct: 0,
  complete: undefined,
  found: undefined,
  neverEnded: [],
  controlled: false,
  unseen: [],
  stray: undefined,
  gaps: [],
  stuck: undefined,
  underWay: undefined,
};

/** Two searches as one. */
export function together(one: Searched, other: Searched): Searched {
  return {
    executed: one.executed + other.executed,
    distinct: one.distinct + other.distinct,
    complete: undefined,
    found: other.found,
    // A mix in which nobody comes to an end proves nothing; one among others does no harm.
    neverEnded: one.neverEnded.length === 0 ? one.neverEnded : other.neverEnded,
    controlled: one.controlled || other.controlled,
    unseen: [...new Set([...one.unseen, ...other.unseen])],
    stray: one.stray ?? other.stray,
    gaps: [...new Set([...one.gaps, ...other.gaps])],
    stuck: other.stuck ?? one.stuck,
    underWay: other.underWay ?? one.underWay,
  };
}
