import { expect, test } from "vitest";

import { createServerLog, lastFailure, rootComplaint } from "../../../src/clients/servers/server-log.ts";

test("tells a line when its end has come, however the text is cut", () => {
  const log = createServerLog();
  const told: string[] = [];
  const stop = log.onLine((line) => told.push(line));
  log.write("one\ntw");
  expect(told).toEqual(["one"]);
  log.write("o\n\nthree");
  expect(told).toEqual(["one", "two", ""]);
  stop();
  log.write("\n");
  expect(told).toHaveLength(3);
  expect(log.lines).toEqual(["one", "two", "", "three"]);
});

test("keeps a bounded number of lines, the last ones", () => {
  const log = createServerLog();
  for (let n = 0; n < 5000; n++) log.write(`${n}\n`);
  expect(log.lines.length).toBeLessThan(1000);
  expect(log.lines.at(-1)).toBe("4999");
});

// Logs of real start-ups that failed.
test.each([
  [
    "PostgreSQL, a setting it does not know",
    ['1763697600.123 FATAL:  unrecognized configuration parameter "nonsense"'],
    'FATAL:  unrecognized configuration parameter "nonsense"',
  ],
  [
    "PostgreSQL, a value that is none, before its own settings hold",
    ['2026-11-28 23:57:01.123 GMT [2554] FATAL:  parameter "fsync" requires a Boolean value'],
    'FATAL:  parameter "fsync" requires a Boolean value',
  ],
  [
    "initdb on a full disk",
    [
      "creating configuration files ... ok",
      "running bootstrap script ... 2026-11-21 04:27:47.640 UTC [32097] FATAL:  could not extend file: No space left on device",
      "2026-11-21 04:27:47.640 UTC [32097] HINT:  Check free disk space.",
      "child process exited with exit code 1",
      'initdb: removing data directory "/tmp/d"',
    ],
    "FATAL:  could not extend file: No space left on device",
  ],
  [
    "MariaDB on a full disk",
    [
      "2026-11-21  4:27:47 0 [Note] Starting MariaDB 10.11.19",
      "2026-11-21  4:27:47 0 [ERROR] InnoDB: preallocating 12582912 bytes for file ./ibdata1 failed with error 28",
      "2026-11-21  4:27:47 0 [ERROR] Plugin 'InnoDB' registration as a STORAGE ENGINE failed.",
      "2026-11-21  4:27:47 0 [ERROR] Aborting",
      "",
    ],
    "[ERROR] InnoDB: preallocating 12582912 bytes for file ./ibdata1 failed with error 28",
  ],
  [
    "a program whose library is missing",
    ["postgres: error while loading shared libraries: libicui18n.so.60: cannot open shared object file"],
    "postgres: error while loading shared libraries: libicui18n.so.60: cannot open shared object file",
  ],
  ["a log without a complaint", ["hello", "", "bye", ""], "bye"],
  ["an empty log", [], undefined],
])("finds what was wrong: %s", (_name, lines, complaint) => {
  expect(rootComplaint(lines)).toBe(complaint);
});

test("says of a server that ran only what it called a failure", () => {
  expect(lastFailure(["1.5 LOG:  ready", "1.6 PANIC:  disk gone", "1.7 LOG:  bye"])).toBe(
    "PANIC:  disk gone",
  );
  expect(lastFailure(["1.5 LOG:  could not receive data from client"])).toBeUndefined();
});
