import { expect, test } from "vitest";

import { cellArguments } from "../../src/cli/cell-arguments.ts";
import { repeatCommand, replayCommand } from "../../src/cli/repeat-command.ts";
import register from "../../workloads/register.ts";
import { runConfig } from "../support/runs.ts";

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
  [{ db: "mariadb" }, ["--db", "mariadb"]],
  [{ url: "postgres" as const }, ["--url", "URL"]],
])("a cell of a comparison on %j is a run of its own", (server, where) => {
  const flags = {
    ...{ workload: "register,append", isolation: "serializable", ops: "9", think: "1ms" },
    ...{ set: ["a=b", "c=d e"], durable: true, "allow-disruptive": false },
  };
  const asked = { seed: "it's", flags, servers: [{ db: "postgres" }, server] };
  const config = { ...runConfig(register, "naive", "read-committed"), sessions: 3, operations: 400 };
  expect(cellArguments(asked, { server: 2, source: "./my register.ts", config })).toEqual([
    ...["run", "--workload", "./my register.ts:naive", "--isolation", "read-committed", ...where],
    ...["--sessions", "3", "--ops", "400", "--think", "1ms"],
    ...["--set", "a=b", "--set", "c=d e", "--durable", "--seed", "it's"],
  ]);
});

test.each([
  ["register:naive", "isl1abc", "npx isolab replay --token isl1abc"],
  ["register", undefined, "npx isolab replay 'runs/a b/shrunk'"],
  ["./mine.ts:fast", "isl1abc", "npx isolab replay --token isl1abc --workload ./mine.ts:fast"],
  ["my work.ts", undefined, "npx isolab replay 'runs/a b/shrunk' --workload 'my work.ts'"],
])("what %s found is replayed with what it takes", (workload, token, command) => {
  expect(replayCommand(workload, { directory: "runs/a b/shrunk", token })).toBe(command);
});
