import type { Invariants } from "./invariant.ts";

/** What the check "comparison" finds. */
export const comparisonInvariants: Invariants = {
  "unstable-comparison": {
    meaning:
      "Several models were compared, one query after the other, and meanwhile a transaction changed two of them: one was seen as it was before, the other as it was after. No such pair was ever there at one time. It is what becomes of read skew, G-single, in a report.",
    remedy:
      "Ask with one statement; or in one transaction at REPEATABLE READ or above, which shows all that it reads as of one time, as long as it only reads. At READ COMMITTED a shared lock helps, on rows that everybody who changes the models locks too.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "model/3", null]],
        [2, ["w", "model/3", [1, "a"]]],
        [2, ["w", "model/4", [1, "a"]]],
        [2, "commit"],
        [1, ["r", "model/4", [1, "a"]]],
        [1, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G-single-item", "unstable-comparison"],
      moral:
        "Both models were trained anew in one transaction. The comparison has one of them from before and one from after.",
      f: { 1: "compare", 2: "train" },
      data: {
        1: { compared: { "model/3": { version: 0, by: [] }, "model/4": { version: 1, by: ["a"] } } },
        2: { changed: { "model/3": [1, "a"], "model/4": [1, "a"] } },
      },
      checks: ["comparison"],
    },
  },
};
