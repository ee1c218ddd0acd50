import type { Invariants } from "./invariant.ts";

/** What the check "on-call" finds. */
export const onCallInvariants: Invariants = {
  "nobody-on-call": {
    meaning:
      "Two doctors each saw that the other one was on call and went off; both committed. They wrote different rows, so a snapshot finds no conflict: the best known case of write skew.",
    remedy:
      "SERIALIZABLE with a retry on its errors; or SELECT … FOR UPDATE over all rows that the decision rests on; or let all who decide change one row that stands for the group, which makes a conflict that every level notices. To lock that row without changing it is not enough at PostgreSQL's REPEATABLE READ.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "shift/1/doctor/1", null]],
        [1, ["r", "shift/1/doctor/2", null]],
        [2, ["r", "shift/1/doctor/1", null]],
        [2, ["r", "shift/1/doctor/2", null]],
        [1, ["w", "shift/1/doctor/1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "shift/1/doctor/2", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "shift/1/doctor/1", [1, "a"]]],
        [3, ["r", "shift/1/doctor/2", [1, "b"]]],
        [3, "commit"],
      ],
      model: "serializable",
      finds: ["G2-item", "nobody-on-call"],
      moral: "Each doctor saw the other one on call, and went off.",
      f: { 1: "go-off", 2: "go-off", 3: "read-at-rest" },
      data: {
        1: { off: { "shift/1": "a" } },
        2: { off: { "shift/1": "b" } },
        3: { shifts: { "shift/1": { "1": ["off", "a"], "2": ["off", "b"] } } },
      },
      checks: ["on-call"],
    },
  },
};
