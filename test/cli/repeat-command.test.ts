import { expect, test } from "vitest";

import { repeatCommand } from "../../src/cli/repeat-command.ts";

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
