import { expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { parseHistory } from "../../../src/history/load-history.ts";

/** Two updates in turn, the second of which missed the first: Elle calls the circle G2-item. */
const lines = [
  "{:index 0, :type :invoke, :process 0, :f :txn, :value [[:append :x 0]]}",
  "{:index 1, :type :ok, :process 0, :f :txn, :value [[:append :x 0]]}",
  "{:index 2, :type :invoke, :process 0, :f :txn, :value [[:r :x nil]]}",
  "{:index 3, :type :ok, :process 0, :f :txn, :value [[:r :x [0]]]}",
  "{:index 4, :type :invoke, :process 1, :f :txn, :value [[:append :x 1]]}",
  "{:index 5, :type :ok, :process 1, :f :txn, :value [[:append :x 1]]}",
  "{:index 6, :type :invoke, :process 2, :f :txn, :value [[:r :x nil]]}",
  "{:index 7, :type :ok, :process 2, :f :txn, :value [[:r :x [0]]]}",
  "{:index 8, :type :invoke, :process 2, :f :txn, :value [[:r :x nil]]}",
  "{:index 9, :type :ok, :process 2, :f :txn, :value [[:r :x [0 1]]]}",
];

test("what Elle names is named in EDN, and every witness shows its type", () => {
  const verdict = check(parseHistory(lines.join("\n"), "h.edn").history, { workload: "list-append" });
  expect(verdict).toMatchObject({ valid: false, anomalyTypes: ["G-single-item-realtime"] });
  expect(verdict.anomalies["G-single-item-realtime"]?.[0]?.steps.map(({ type }) => type)).toEqual([
    "rw",
    "realtime",
  ]);
});
