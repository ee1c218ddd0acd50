import type { Invariants } from "./invariant.ts";

/** What the check "fractured" finds. */
export const fracturedInvariants: Invariants = {
  "fractured-read": {
    meaning:
      "One transaction changed two rows, and a reader saw the change of one of them and afterwards not that of the other. Monotonic atomic view rules it out: once any effect of a transaction was seen, all of them are. A reader at READ UNCOMMITTED may see it; so may one at InnoDB's REPEATABLE READ that writes as well, because its update finds the newest version of the row and makes that visible in an older snapshot.",
    remedy:
      "At InnoDB's REPEATABLE READ, lock what is read (SELECT … FOR UPDATE) before the first plain read, or do not write in a transaction that has a snapshot; MariaDB's innodb_snapshot_isolation refuses such a write. READ COMMITTED or above, and one statement for what belongs together, where the reader only reads.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [2, ["r", "pair/1/a", null]],
        [1, ["w", "pair/1/a", [1, "a"]]],
        [1, ["w", "pair/1/b", [1, "a"]]],
        [1, "commit"],
        [2, ["r", "pair/1/b", [1, "a"]]],
        [2, ["r", "pair/1/a", null]],
        [2, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G-single-item", "fractured-read"],
      moral:
        "Session 2 had a snapshot in which neither was raised, then wrote in B's row, which session 1 had raised meanwhile: it sees that raise in B and not in A.",
      f: { 1: "raise", 2: "read-pair" },
      data: {
        1: { raised: { "pair/1": "a" } },
        2: {
          saw: {
            "pair/1": [
              [0, ""],
              [1, "a"],
              [0, ""],
            ],
          },
        },
      },
      checks: ["fractured"],
    },
  },
};
