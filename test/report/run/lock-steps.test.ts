import { expect, test } from "vitest";

import { lockSteps } from "../../../src/report/run/lock-steps.ts";
import { interleavedRun } from "./runs.ts";

test("a reproduction becomes rows: what each session sent, in order, without set-up and reads at rest", () => {
  const { repro } = interleavedRun("duplicate-version-postgres-repeatable-read");
  const steps = lockSteps(repro?.sql ?? "") ?? [];
  expect(steps.map(({ session }) => session).join("")).toBe("AAABBBBA");
  expect(steps[1]).toEqual({
    session: "A",
    sql: "select version, artifact_uri from model_versions where model_id = '1' order by id",
    notes: ["0 rows"],
  });
  expect(steps.at(-1)?.sql).toBe("COMMIT");
});

test("a session that goes on after it waited has a row of its own", () => {
  const sql = [
    "-- isolab repro.sql for PostgreSQL 18.4",
    "",
    "-- ---- The interleaving, from top to bottom",
    "",
    "-- session B",
    "update t set a = ';';",
    "-- waits for A",
    "",
    "-- session A",
    "COMMIT;",
    "",
    "-- B goes on: 1 row affected",
    "",
    "-- ---- At rest: what is there when all is over",
  ].join("\n");
  expect(lockSteps(sql)).toEqual([
    { session: "B", sql: "update t set a = ';'", notes: ["waits for A"] },
    { session: "A", sql: "COMMIT", notes: [] },
    { session: "B", sql: "", notes: ["B goes on: 1 row affected"] },
  ]);
});

test("a text that is laid out in another way has no rows", () => {
  expect(lockSteps("select 1;")).toBeUndefined();
  expect(lockSteps("-- ours\n-- ---- The interleaving\nselect 1;")).toBeUndefined();
});
