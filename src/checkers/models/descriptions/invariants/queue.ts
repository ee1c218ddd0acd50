import type { Invariants } from "./invariant.ts";

/** What the check "queue" finds. */
export const queueInvariants: Invariants = {
  "double-dispatch": {
    meaning:
      "Two workers each looked for the oldest open job, found the same one, worked on it and marked it done; both committed. It is what becomes of lost-update in a queue.",
    remedy:
      "Choose the job with SELECT … FOR UPDATE SKIP LOCKED, and mark it done in the same transaction. Or mark it only WHERE it is still open, and take another where no row was changed; that costs the work that was done meanwhile. PostgreSQL's REPEATABLE READ, and SERIALIZABLE everywhere, refuse the second worker; InnoDB's REPEATABLE READ does not.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["w", "queue/1/job/a", [1, "a"]]],
        [1, "commit"],
        [2, "begin"],
        [3, "begin"],
        [2, ["r", "queue/1/job/a", [1, "a"]]],
        [3, ["r", "queue/1/job/a", [1, "a"]]],
        [2, ["w", "queue/1/job/a", [null, "b"]]],
        [2, "commit"],
        [3, ["w", "queue/1/job/a", [null, "c"]]],
        [3, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G2-item", "double-dispatch", "lost-update"],
      moral: "Both found job a open and did it.",
      f: { 1: "enqueue", 2: "work", 3: "work" },
      data: {
        1: { enqueued: { "queue/1": "a" } },
        2: { dispatched: { "queue/1": ["a", "b"] } },
        3: { dispatched: { "queue/1": ["a", "c"] } },
      },
      checks: ["queue"],
    },
  },
  "lost-job": {
    meaning:
      "A job was enqueued, and its producer was told so; when everything has ended it is neither done nor open, or not there at all. Most often a worker claimed it in one transaction, crashed, and never came to the transaction that marks it done. No isolation level helps: check and act are in different transactions.",
    remedy:
      "Take the job and mark it done in one transaction, so that a crash opens it again. Where the work takes too long for that, let a claim expire, and have whoever finishes late find that the job is no longer theirs.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["add", "queue/1", "a"]],
        [1, "commit"],
        [2, "begin"],
        [2, ["rs", "queue/1", ["a"]]],
        [2, "commit"],
      ],
      model: "serializable",
      finds: ["lost-job"],
      moral:
        "Worker b claimed job a and crashed. The job is still claimed, and nobody will look at it again.",
      f: { 1: "enqueue", 2: "read-at-rest" },
      data: {
        1: { enqueued: { "queue/1": "a" } },
        2: { jobs: { "queue/1": { a: ["claimed", "b"] } } },
      },
      checks: ["queue"],
    },
  },
};
