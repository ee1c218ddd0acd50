import type { Invariants } from "./invariant.ts";

/** What the check "monotonic" finds. */
export const monotonicInvariants: Invariants = {
  "non-monotonic-read": {
    meaning:
      "A counter that only ever grows was seen by one session at some count and later at a smaller one. Either somebody wrote an old count back (lost-update), or the greater one was never committed (READ UNCOMMITTED), or a transaction at InnoDB's REPEATABLE READ read its snapshot after a locking read had shown it the newest row. Where reads go to replicas, one of them lags.",
    remedy:
      "Let the database add (UPDATE … SET n = n + 1), read at READ COMMITTED or above, and do not mix plain reads with SELECT … FOR UPDATE in one transaction of InnoDB's REPEATABLE READ: lock first. With replicas, keep a session at one of them.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["w", "counter/1", [1, "a"]]],
        [2, "begin"],
        [2, ["r", "counter/1", [1, "a"]]],
        [1, "abort"],
        [2, ["r", "counter/1", null]],
        [2, "commit"],
      ],
      model: "read-committed",
      finds: ["G1a", "internal", "non-monotonic-read"],
      moral: "Session 2 saw a raise that was taken back, and then the counter without it.",
      f: { 1: "increment", 2: "look" },
      data: { 2: { saw: { "counter/1": [1, 0] } } },
      checks: ["monotonic"],
    },
  },
};
