import type { Invariants } from "./invariant.ts";

/** What the check "versions" finds. */
export const versionsInvariants: Invariants = {
  "duplicate-version": {
    meaning:
      "Two callers each read the highest version, added one, and inserted the same number; both committed. It is what becomes of G2 in a registry of models.",
    remedy:
      "A unique key on (model, version) and another attempt after a violation; or SERIALIZABLE with a retry on its errors. A lock on the model's row helps only where the snapshot is taken after the lock was waited for: not at PostgreSQL's REPEATABLE READ.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["rs", "model/3", []]],
        [2, ["rs", "model/3", []]],
        [1, ["add", "model/3", "a"]],
        [1, "commit"],
        [2, ["add", "model/3", "b"]],
        [2, "commit"],
      ],
      model: "serializable",
      finds: ["G2", "duplicate-version"],
      moral: "Both found no version of the model and registered version 1.",
      f: "register",
      data: {
        1: { version: 1, versions: { "model/3": [] } },
        2: { version: 1, versions: { "model/3": [] } },
      },
      checks: ["versions"],
    },
  },
  "missing-version": {
    meaning:
      "The registration was confirmed to its caller, and when everything had ended the version was not there: it was undone, overwritten or never stored.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["add", "model/3", "a"]],
        [1, "commit"],
        [2, "begin"],
        [2, ["rs", "model/3", []]],
        [2, "commit"],
      ],
      model: "read-committed",
      finds: ["lost-commit", "missing-version"],
      moral:
        "The registration was confirmed. When everything had ended, the model was read once more, and the version was not there.",
      f: { 1: "register", 2: "read-at-rest" },
      data: { 1: { version: 1 }, 2: { versions: { "model/3": [] } } },
      checks: ["versions"],
    },
  },
  "futile-retry": {
    meaning:
      "A caller was told that a version's number was taken, looked again and tried again, and was refused again, all within one transaction. Either that transaction was dead (PostgreSQL takes no statement after one that failed, until it is rolled back, to a savepoint at least), or it went on to see the snapshot of its beginning, in which the number is still free. No registration is wrong, but some fail that a retry was meant to save.",
    remedy:
      "Roll the whole transaction back and begin it anew after a violation: that helps at every level. A savepoint before the INSERT is enough where each statement has a snapshot of its own, at READ COMMITTED; InnoDB needs none there.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["rs", "model/3", []]],
        [2, ["rs", "model/3", []]],
        [1, ["add", "model/3", "a"]],
        [1, "commit"],
        [2, ["add", "model/3", "b"]],
        [2, "abort"],
      ],
      model: "serializable",
      finds: ["futile-retry"],
      moral:
        "Session 2 tried version 1, was told that it is taken, and read the versions again; its snapshot still showed none.",
      f: "register",
      data: {
        1: { version: 1, versions: { "model/3": [] } },
        2: { tried: { "model/3": [1, 1, 1] } },
      },
      checks: ["versions"],
    },
  },
};
