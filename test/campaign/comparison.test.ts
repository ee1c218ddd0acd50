import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { firstDifferentLine } from "../../src/campaign/first-different-line.ts";
import { historyDigest } from "../../src/campaign/history-digest.ts";
import { temporaryDirectory } from "../support/runs.ts";

function files(one: string, other: string): readonly [string, string] {
  const directory = temporaryDirectory();
  const paths = [join(directory, "one"), join(directory, "other")] as const;
  writeFileSync(paths[0], one);
  writeFileSync(paths[1], other);
  return paths;
}

describe("the first line that differs", () => {
  test.each([
    ["a\nb\n", "a\nb\n", undefined],
    ["header\nb\n", "another header\nb\n", undefined],
    ["h\nb\nc\n", "h\nb\nd\n", { line: 3, recorded: "c", replayed: "d" }],
    ["h\nb\n", "h\nb\nc\n", { line: 3, recorded: null, replayed: "c" }],
    ["h\nb\nc\n", "h\nb\n", { line: 3, recorded: "c", replayed: null }],
    ["h\nb\ntorn", "h\nb\ntorn and more\n", { line: 3, recorded: "torn", replayed: "torn and more" }],
  ])("of %j and %j", (one, other, difference) => {
    expect(firstDifferentLine(...files(one, other))).toEqual(difference);
  });
});

test("a digest is the same for the same operations, whatever the header says, and for those only", () => {
  const [one, other] = files("header\nb\n", "another header\nb\n");
  expect(historyDigest(one)).toMatch(/^[0-9a-f]{16}$/);
  expect(historyDigest(one)).toBe(historyDigest(other));
  const [changed] = files("header\nc\n", "");
  expect(historyDigest(changed)).not.toBe(historyDigest(one));
});
