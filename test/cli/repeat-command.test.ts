import { expect, test } from "vitest";

import { repeatCommand, replayCommand } from "../../src/cli/repeat-command.ts";

test.each([
  [["run"], "npx isolab run --seed 7"],
  [["run", "--ops", "20", "--seed", "1", "--out=x"], "npx isolab run --ops 20 --seed 7"],
  [["run", "--set", "a=b", "--set", "c=d e"], "npx isolab run --set a=b --set 'c=d e' --seed 7"],
  [["run", "--url", "postgres://u:secret@h/d"], "npx isolab run --url URL --seed 7"],
  [["run", "--url=postgres://u:secret@h/d", "--ops", "1"], "npx isolab run --url URL --ops 1 --seed 7"],
  [["run", "--workload", "./it's mine.ts"], `npx isolab run --workload './it'\\''s mine.ts' --seed 7`],
])("%j is repeated", (args, command) => {
  expect(repeatCommand(args, "7")).toBe(command);
});

test.each([
  ["register:naive", "isl1abc", "npx isolab replay --token isl1abc"],
  ["register", undefined, "npx isolab replay 'runs/a b/shrunk'"],
  ["./mine.ts:fast", "isl1abc", "npx isolab replay --token isl1abc --workload ./mine.ts:fast"],
  ["my work.ts", undefined, "npx isolab replay 'runs/a b/shrunk' --workload 'my work.ts'"],
])("what %s found is replayed with what it takes", (workload, token, command) => {
  expect(replayCommand(workload, { directory: "runs/a b/shrunk", token })).toBe(command);
});
