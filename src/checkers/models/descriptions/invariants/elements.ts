import type { Invariants } from "./invariant.ts";

/** What the check "elements" finds. */
export const elementsInvariants: Invariants = {
  "lost-element": {
    meaning:
      "Somebody added an element to a set and was told so, and reads that came later do not show it. Most often the set is kept in one value that is read, extended in application code and written back: whoever writes second writes a set without the element of the first. It is what becomes of lost-update in a set.",
    remedy:
      "Give each element a row of its own. Or extend the value in the database (concat, a JSON function), read it with SELECT … FOR UPDATE, or write it back only WHERE a revision is the one that was read.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "set/1", null]],
        [2, ["r", "set/1", null]],
        [1, ["w", "set/1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "set/1", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "set/1", [2, "b"]]],
        [3, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G2-item", "lost-element", "lost-update"],
      moral: "Both read an empty set. Session 1 wrote {a}, session 2 wrote {b} over it.",
      f: { 1: "add", 2: "add", 3: "read-at-rest" },
      data: {
        1: { added: { "set/1": "a" } },
        2: { added: { "set/1": "b" } },
        3: { elements: { "set/1": ["b"] } },
      },
      checks: ["elements"],
    },
  },
  "stale-element": {
    meaning:
      "A read began after an element had been acknowledged and did not show it, yet a later read does: the element was there, and this reader was shown an older state. A replica that lags does that, and so does a summary that two writers computed at the same time, until somebody computes it anew.",
    remedy:
      "Read the rows themselves; or lock the summary's row before the rows are changed, so that whoever computes it sees all that was changed before. With replicas, read from the primary or wait until the replica has caught up.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["add", "set/1", "a"]],
        [1, "commit"],
        [2, "begin"],
        [2, ["rs", "set/1", []]],
        [2, "commit"],
        [3, "begin"],
        [3, ["rs", "set/1", ["a"]]],
        [3, "commit"],
      ],
      model: "strict-serializable",
      finds: ["G-single-realtime", "stale-element"],
      moral: "The addition had been confirmed before session 2 began, and only session 3 sees it.",
      f: { 1: "add", 2: "read", 3: "read-at-rest" },
      data: {
        1: { added: { "set/1": "a" } },
        2: { elements: { "set/1": [] } },
        3: { elements: { "set/1": ["a"] } },
      },
      checks: ["elements"],
    },
  },
};
