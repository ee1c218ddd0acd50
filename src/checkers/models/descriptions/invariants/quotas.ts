import type { ExampleStep } from "../examples/example.ts";
import type { Invariants } from "./invariant.ts";

/** One move from model 1 to model 2, and the read at rest. */
const oneMove: readonly ExampleStep[] = [
  [1, "begin"],
  [1, ["w", "model/1", [null, "1.0"]]],
  [1, ["w", "model/2", [null, "1.0"]]],
  [1, "commit"],
  [2, "begin"],
  [2, ["r", "model/1", [1, "1.0"]]],
  [2, ["r", "model/2", [1, "1.0"]]],
  [2, "commit"],
];

/** What the check "quotas" finds. */
export const quotasInvariants: Invariants = {
  "changed-total": {
    meaning:
      "Quota was taken from one model and not given to the other one, or given twice: of a transaction that changes two rows only half is there, or two transactions wrote over each other.",
    remedy:
      "Change both rows in one transaction; after an error roll all of it back, since some servers go on after a statement that failed; let the database add (quota = quota + n), or lock a row before you compute what to write into it.",
    example: {
      steps: oneMove,
      model: "read-committed",
      finds: ["changed-total", "lost-move"],
      moral: "Session 1 moved 5 from model 1 to model 2. Model 1 has lost them, and model 2 never got them.",
      f: { 1: "move", 2: "read-at-rest" },
      data: {
        1: { moved: { "model/1": -5, "model/2": 5 } },
        2: { quotas: { "project/1": { "model/1": [100, 95], "model/2": [100, 100] } } },
      },
      checks: ["quotas"],
    },
  },
  "lost-move": {
    meaning:
      "The move was confirmed to its caller, and the model's quota does not show it: it was overwritten by another move that had read the quota before, or it was undone.",
    remedy:
      "Let the database add (quota = quota + n), or lock a row with SELECT … FOR UPDATE before you compute what to write into it.",
    example: {
      steps: oneMove,
      model: "read-committed",
      finds: ["lost-move"],
      moral:
        "Session 1 was told that 5 had been moved from model 1 to model 2, and both hold what they held.",
      f: { 1: "move", 2: "read-at-rest" },
      data: {
        1: { moved: { "model/1": -5, "model/2": 5 } },
        2: { quotas: { "project/1": { "model/1": [100, 100], "model/2": [100, 100] } } },
      },
      checks: ["quotas"],
    },
  },
};
