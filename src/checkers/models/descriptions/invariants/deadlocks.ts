import type { Invariants } from "./invariant.ts";

/** What the check "deadlocks" finds. */
export const deadlocksInvariants: Invariants = {
  "lost-work": {
    meaning:
      "The server ended a transaction for the sake of others: it was the victim of a deadlock, was refused a lock, or came too late for a row that somebody else had changed. The caller was told of the failure and nobody tried again, so what it was asked to do was never done. The data is as good as before; the work is gone.",
    remedy:
      "Lock rows in one and the same order everywhere, for instance by ascending id: then no deadlock can come about. Or try the whole transaction again after such an error, a bounded number of times, and wait longer each time and by chance, so that those who met do not meet again; whatever else failed is not tried again. SKIP LOCKED raises no error that could be tried again: it is for queues, where any row will do.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "model/1", null]],
        [2, ["r", "model/2", null]],
        [2, ["w", "model/2", [null, "2.0"]]],
        [2, ["w", "model/1", [null, "2.0"]]],
        [2, "abort"],
        [1, ["r", "model/2", null]],
        [1, ["w", "model/1", [null, "1.0"]]],
        [1, ["w", "model/2", [null, "1.0"]]],
        [1, "commit"],
        [3, "begin"],
        [3, ["r", "model/1", [1, "1.0"]]],
        [3, ["r", "model/2", [1, "1.0"]]],
        [3, "commit"],
      ],
      model: "serializable",
      finds: ["lost-work"],
      moral:
        "Each session had locked the model that the other one needed next. The server ended session 2, session 1 went on, and nobody did what session 2 was asked to do.",
      f: { 1: "move", 2: "move", 3: "read-at-rest" },
      causes: { 2: "deadlock" },
      checks: ["deadlocks"],
    },
  },
};
