import type { Invariants } from "./invariant.ts";

/** What the check "unique-ids" finds. */
export const uniqueIdsInvariants: Invariants = {
  "duplicate-id": {
    meaning:
      "Two callers each read the highest id, or a counter of ids, added one, and used the same id; both committed.",
    remedy:
      "Let the database hand out ids: an identity column (AUTO_INCREMENT), a sequence, or one UPDATE … RETURNING (MySQL: LAST_INSERT_ID(value + 1)) on a counter's row. And a unique key on the id, which turns a mistake into an error.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "series/1", null]],
        [2, ["r", "series/1", null]],
        [1, ["w", "series/1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "series/1", [null, "b"]]],
        [2, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G2-item", "duplicate-id", "lost-update"],
      moral: "Both read that no id was taken, and took id 1.",
      f: "draw",
      data: { 1: { handed: { "series/1": [1, "a"] } }, 2: { handed: { "series/1": [1, "b"] } } },
      checks: ["unique-ids"],
    },
  },
};
