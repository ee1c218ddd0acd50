import type { Invariants } from "./invariant.ts";

/** What the check "counter" finds. */
export const counterInvariants: Invariants = {
  "lost-increment": {
    meaning:
      "Two callers each read the counter, added one, and wrote the same number back; both committed, and one increment is gone. It is what becomes of lost-update in a counter.",
    remedy:
      "Let the database add: UPDATE … SET n = n + 1. Or read with SELECT … FOR UPDATE; or write back only WHERE a revision is the one that was read, and try again where no row was changed. PostgreSQL's REPEATABLE READ, and SERIALIZABLE everywhere, refuse the second writer, who must then try again; InnoDB's REPEATABLE READ does not.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "counter/1", null]],
        [2, ["r", "counter/1", null]],
        [1, ["w", "counter/1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "counter/1", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "counter/1", [2, "b"]]],
        [3, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G2-item", "lost-increment", "lost-update"],
      moral: "Both read 0 and wrote 1. The row was changed twice, and the counter says 1.",
      f: { 1: "increment", 2: "increment", 3: "read-at-rest" },
      data: {
        1: { counted: { "counter/1": 1 } },
        2: { counted: { "counter/1": 1 } },
        3: { counts: { "counter/1": 1 } },
      },
      checks: ["counter"],
    },
  },
  "extra-increment": {
    meaning:
      "The counter was raised more often than callers were told that it was, or may have been: one that was told of a failure counted all the same, or one counted twice.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["w", "counter/1", [null, "a"]]],
        [1, "commit"],
        [2, "begin"],
        [2, ["r", "counter/1", [2, "a"]]],
        [2, "commit"],
      ],
      model: "read-committed",
      finds: ["extra-increment"],
      moral: "There was one increment, and the counter says 2: it was carried out twice.",
      f: { 1: "increment", 2: "read-at-rest" },
      data: { 2: { counts: { "counter/1": 2 } } },
      checks: ["counter"],
    },
  },
};
