import type { Json } from "../../../../history/operation.ts";
import type { Invariants } from "./invariant.ts";

/** What the check "metrics" finds. */
export const metricsInvariants: Invariants = {
  "fractured-batch": {
    meaning:
      "The metrics of one evaluation were logged one after the other, each committed by itself, and a reader came in between: it saw the accuracy of an evaluation that had no recall yet. Or the batch was one transaction, and the reader put its answer together from two statements with the batch's commit between them: the fractured read of the literature.",
    remedy:
      "Log the batch in one transaction, or with one INSERT. Read it with one statement; or with several in one transaction at REPEATABLE READ or above, where they all show the same state.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["rs", "model/3/accuracy", []]],
        [2, ["add", "model/3/accuracy", "a"]],
        [2, ["add", "model/3/recall", "a"]],
        [2, "commit"],
        [1, ["rs", "model/3/recall", ["a"]]],
        [1, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G-single", "fractured-batch"],
      moral:
        "Session 1 asked for the accuracies before the batch was committed, and for the recalls after it.",
      f: { 1: "read-metrics", 2: "log-metrics" },
      data: {
        1: { metrics: { "model/3": [["a", "recall"]] } },
        2: { logged: logged("a") },
      },
      checks: ["metrics"],
    },
  },
  "missing-metric": {
    meaning:
      "A batch of metrics was confirmed to its caller, and when everything had ended, not all of it was there: so what is counted, or averaged, rests on too little.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["add", "model/3/accuracy", "a"]],
        [1, ["add", "model/3/recall", "a"]],
        [1, "commit"],
        [2, "begin"],
        [2, ["rs", "model/3/accuracy", ["a"]]],
        [2, "commit"],
      ],
      model: "read-committed",
      finds: ["missing-metric"],
      moral: "Two metrics were logged in one transaction, and one of them is there.",
      f: { 1: "log-metrics", 2: "read-at-rest" },
      data: { 1: { logged: logged("a") }, 2: { metrics: { "model/3": [["a", "accuracy"]] } } },
      checks: ["metrics"],
    },
  },
  "extra-metric": {
    meaning:
      "A metric is there more often than it was logged, or although whoever logged it was told of a failure: a batch was carried out twice, or a part of it outlived the rest.",
    remedy:
      "Log the batch in one transaction, and try again only what surely failed as a whole. A unique key on the metric's name and the evaluation refuses the second of two equal rows.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["add", "model/3/accuracy", "a"]],
        [1, ["add", "model/3/recall", "a"]],
        [1, "commit"],
        [2, "begin"],
        [2, ["rs", "model/3/recall", ["a"]]],
        [2, "commit"],
      ],
      model: "read-committed",
      finds: ["extra-metric"],
      moral: "The batch was logged once, and its accuracy is there twice: it counts twice in every average.",
      f: { 1: "log-metrics", 2: "read-at-rest" },
      data: {
        1: { logged: logged("a") },
        2: {
          metrics: {
            "model/3": [
              ["a", "accuracy"],
              ["a", "recall"],
              ["a", "accuracy"],
            ],
          },
        },
      },
      checks: ["metrics"],
    },
  },
};

/** A batch of two metrics for model 3. */
function logged(attempt: string): Json {
  return { "model/3": [attempt, ["accuracy", "recall"]] };
}
