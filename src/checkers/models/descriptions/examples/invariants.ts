import type { Json } from "../../../../history/operation.ts";
import type { Examples } from "./example.ts";

/** Invariants of applications that have one: model registries, counters, shifts, banks. */
export const invariantExamples: Examples = {
  "several-in-production": {
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
  "none-in-production": {
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
  "lost-increment": {
    steps: [
      [1, "begin"],
      [2, "begin"],
      [1, ["r", "counter/1", null]],
      [2, ["r", "counter/1", null]],
      [1, ["w", "counter/1", [null, "a"]]],
      [1, "commit"],
      [2, ["w", "counter/1", [null, "b"]]],
      [2, "commit"],
      [3, "begin"],
      [3, ["r", "counter/1", [2, "b"]]],
      [3, "commit"],
    ],
    model: "snapshot-isolation",
    finds: ["G2-item", "lost-increment", "lost-update"],
    moral: "Both read 0 and wrote 1. The row was changed twice, and the counter says 1.",
    f: { 1: "increment", 2: "increment", 3: "read-at-rest" },
    data: {
      1: { counted: { "counter/1": 1 } },
      2: { counted: { "counter/1": 1 } },
      3: { counts: { "counter/1": 1 } },
    },
    checks: ["counter"],
  },
  "extra-increment": {
    steps: [
      [1, "begin"],
      [1, ["w", "counter/1", [null, "a"]]],
      [1, "commit"],
      [2, "begin"],
      [2, ["r", "counter/1", [2, "a"]]],
      [2, "commit"],
    ],
    model: "read-committed",
    finds: ["extra-increment"],
    moral: "There was one increment, and the counter says 2: it was carried out twice.",
    f: { 1: "increment", 2: "read-at-rest" },
    data: { 2: { counts: { "counter/1": 2 } } },
    checks: ["counter"],
  },
  "nobody-on-call": {
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
};

/** Versions 1 and 2 of model 3: the stage, and who promoted it. */
function stages(one: readonly Json[], two: readonly Json[]): Json {
  return { "model/3": { "1": one, "2": two } };
}
