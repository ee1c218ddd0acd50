import type { Invariants } from "./invariant.ts";

/** What the check "deployments" finds. */
export const deploymentsInvariants: Invariants = {
  "half-deployed": {
    meaning:
      "A deployment takes several steps, and each of them was committed by itself: a reader came in between, or the deployment gave up or broke off, and left what it had done so far. No isolation level helps, since what it isolates ends with the transaction.",
    remedy:
      "All steps in one transaction. Where a step cannot take part in it, because it calls another system, put the step that makes the version visible last, and have something that finishes or removes what was left.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["add", "model/3", "a"]],
        [1, "commit"],
        [2, "begin"],
        [2, ["rs", "model/3", ["a"]]],
        [2, "commit"],
      ],
      model: "serializable",
      finds: ["half-deployed"],
      moral: "The version had been registered and put into production, and its metadata was still to come.",
      f: { 1: "deploy", 2: "read-model" },
      data: {
        2: {
          deployments: {
            "model/3": [["a", { version: 1, stage: "production", promoted: true, described: false }]],
          },
        },
      },
      checks: ["deployments"],
    },
  },
  "outdated-in-production": {
    meaning:
      "Two deployments of one model took turns: the first one registered a version, the second one registered a later version and put it into production, and then the first one put its own there, which is the earlier.",
    remedy:
      "Register and promote in one transaction, in which a lock on the model or a unique key on its version numbers keeps deployments one after the other.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["add", "model/3", "a"]],
        [1, "commit"],
        [2, "begin"],
        [2, ["add", "model/3", "b"]],
        [2, "commit"],
        [3, "begin"],
        [3, ["rs", "model/3", ["a", "b"]]],
        [3, "commit"],
      ],
      model: "serializable",
      finds: ["outdated-in-production"],
      moral: "Version 2 had been in production, and version 1 has taken its place.",
      f: { 1: "deploy", 2: "deploy", 3: "read-at-rest" },
      data: {
        3: {
          deployments: {
            "model/3": [
              ["a", { version: 1, stage: "production", promoted: true, described: true }],
              ["b", { version: 2, stage: "staging", promoted: true, described: true }],
            ],
          },
        },
      },
      checks: ["deployments"],
    },
  },
};
