import { describe, expect, test } from "vitest";

import {
  givenInterleaving,
  interleavingOf,
  type InterleavingFlags,
} from "../../src/cli/interleaving-options.ts";

const nothing: InterleavingFlags = {
  strategy: undefined,
  depth: undefined,
  preemptions: undefined,
  "no-prune": false,
  overlaps: undefined,
  "fault-rate": undefined,
};

test("what is not said has a default", async () => {
  expect(await interleavingOf(nothing)).toEqual({
    strategy: "random",
    depth: 3,
    overlaps: 0,
    preemptions: undefined,
    prune: true,
    faults: [],
    faultRate: 0.05,
  });
});

test("what is said is taken", async () => {
  const exhaustive = { ...nothing, strategy: "exhaustive", preemptions: "2", "no-prune": true };
  expect(await interleavingOf(exhaustive)).toMatchObject({ preemptions: 2, prune: false });
  expect(await interleavingOf({ ...nothing, strategy: "pct", depth: "5" })).toMatchObject({ depth: 5 });
  expect(await interleavingOf({ ...nothing, overlaps: "0.5" })).toMatchObject({ overlaps: 0.5 });
  const faults = { ...nothing, nemesis: "kill-connection, lock-timeout", "fault-rate": "0.2" };
  expect(await interleavingOf(faults)).toMatchObject({
    faults: ["kill-connection", "lock-timeout"],
    faultRate: 0.2,
  });
});

describe("refused with a sentence", () => {
  test.each([
    [{ strategy: "chance" }, /no strategy "chance"; isolab has random, pct, exhaustive/],
    [{ strategy: "replay" }, /no strategy "replay"/],
    [{ strategy: "pct", depth: "0" }, /--depth must be a whole number from 1/],
    [{ strategy: "exhaustive", preemptions: "-1" }, /--preemptions must be a whole number/],
    [{ overlaps: "2" }, /--overlaps must be a number from 0 to 1/],
    [{ nemesis: "kill-connection", "fault-rate": "often" }, /--fault-rate must be a number from 0 to 1/],
    [{ nemesis: "kill-connection", "fault-rate": "1" }, /leave room for statements: at most 0\.9/],
    [{ nemesis: "meteor" }, /no fault "meteor" that can be a step; isolab has kill-connection/],
    [{ nemesis: "," }, /--nemesis names nothing/],
    [{ depth: "3" }, /--depth is about --strategy pct, and this is random/],
    [{ preemptions: "1" }, /--preemptions is about --strategy exhaustive/],
    [{ "no-prune": true }, /--no-prune is about --strategy exhaustive/],
    [{ strategy: "pct", overlaps: "0.1" }, /--overlaps is about --strategy random, and this is pct/],
    [{ "fault-rate": "0.1" }, /name them with --nemesis/],
    [{ strategy: "exhaustive", nemesis: "kill-connection" }, /faults come by chance/],
  ])("%j", async (flags, sentence) => {
    await expect(interleavingOf({ ...nothing, ...flags })).rejects.toThrow(sentence);
  });
});

test("a command that executes no schedules can tell what was meant for one that does", () => {
  expect(givenInterleaving(nothing)).toEqual([]);
  expect(givenInterleaving({ ...nothing, overlaps: "0", "no-prune": true })).toEqual([
    "no-prune",
    "overlaps",
  ]);
});
