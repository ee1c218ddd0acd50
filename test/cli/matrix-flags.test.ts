import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";

import { jobsOf, shardOf } from "../../src/cli/matrix-flags.ts";

describe("how many cells run at once", () => {
  const flags = { jobs: undefined, nemesis: undefined };

  test("is what the machine has, and one per server at least", () => {
    expect(jobsOf(flags, 1, 5).jobs).toBe(availableParallelism());
    expect(jobsOf(flags, 500, 5).jobs).toBe(500);
    expect(jobsOf({ ...flags, jobs: "3" }, 500, 5).jobs).toBe(3);
  });

  test("is on one server what it has sessions for", () => {
    expect(jobsOf(flags, 1, 5).mostPerServer).toBe(10);
    expect(jobsOf(flags, 1, 90).mostPerServer).toBe(1);
  });

  test("is one on each server where faults could hit the wrong cell", () => {
    expect(jobsOf({ jobs: "8", nemesis: "kill-server" }, 2, 5)).toEqual({ jobs: 8, mostPerServer: 1 });
  });
});

test("a shard is counted from 1", () => {
  expect(shardOf(undefined)).toBeNull();
  expect(shardOf("2/4")).toEqual({ index: 2, of: 4 });
  for (const text of ["0/4", "5/4", "4", "1/0", "1/99999", "-1/4", "1/4/5"])
    expect(() => shardOf(text)).toThrow(/--shard must be I\/N/);
});
