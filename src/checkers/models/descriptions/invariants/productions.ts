import type { Json } from "../../../../history/operation.ts";
import type { Invariants } from "./invariant.ts";

/** What the check "productions" finds. */
export const productionsInvariants: Invariants = {
  "several-in-production": {
    meaning:
      "Two promotions each looked for the version in production, each sent that one back to staging, if there was any, and put another one in its place; both committed. Where one version had been in production, that is a lost update of the row that both sent back; where none had, nothing was changed by both, and it is pure write skew, which snapshot isolation allows.",
    remedy:
      "A unique key that admits one version in production per model (a partial index in PostgreSQL, a generated column in MySQL), and another attempt after a violation; or a lock on all versions of the model, taken with the statement that reads them; or SERIALIZABLE with a retry on its errors. A lock on the model's row helps only where the snapshot is taken after the lock was waited for: not at PostgreSQL's REPEATABLE READ.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "model/3/v1", null]],
        [1, ["r", "model/3/v2", null]],
        [2, ["r", "model/3/v1", null]],
        [2, ["r", "model/3/v2", null]],
        [1, ["w", "model/3/v1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "model/3/v2", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "model/3/v1", [1, "a"]]],
        [3, ["r", "model/3/v2", [1, "b"]]],
        [3, "commit"],
      ],
      model: "serializable",
      finds: ["G2-item", "several-in-production"],
      moral: "Both found no version in production, so neither had one to demote, and each promoted its own.",
      f: { 1: "promote", 2: "promote", 3: "read-at-rest" },
      data: {
        1: { promoted: { "model/3": [1, "a"] }, stages: stages(["staging", null], ["staging", null]) },
        2: { promoted: { "model/3": [2, "b"] }, stages: stages(["staging", null], ["staging", null]) },
        3: { stages: stages(["production", "a"], ["production", "b"]) },
      },
      checks: ["productions"],
    },
  },
  "none-in-production": {
    meaning:
      "A promotion takes one version out of production and puts another one there, in one transaction. A reader saw it in between, or a promotion was undone by half.",
    remedy:
      "READ COMMITTED or above, and a reader that asks with one statement: two statements may each see another promotion.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["w", "model/3/v1", [1, "a"]]],
        [1, "commit"],
        [2, "begin"],
        [3, "begin"],
        [3, ["r", "model/3/v1", [1, "a"]]],
        [3, ["r", "model/3/v2", null]],
        [3, "commit"],
        [2, ["w", "model/3/v2", [1, "b"]]],
        [2, "commit"],
      ],
      model: "read-uncommitted",
      finds: ["none-in-production"],
      moral:
        "Session 2 had already demoted version 1 and not yet promoted version 2 when session 3 looked: at READ UNCOMMITTED the moment in between shows.",
      f: { 1: "promote", 2: "promote", 3: "read-production" },
      data: {
        1: { promoted: { "model/3": [1, "a"] } },
        2: { promoted: { "model/3": [2, "b"] } },
        3: { stages: stages(["staging", "a"], ["staging", null]) },
      },
      checks: ["productions"],
    },
  },
};

/** Versions 1 and 2 of model 3: the stage, and who promoted it. */
function stages(one: readonly Json[], two: readonly Json[]): Json {
  return { "model/3": { "1": one, "2": two } };
}
