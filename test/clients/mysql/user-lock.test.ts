import { describe, expect, test } from "vitest";

import { lockName } from "../../../src/clients/mysql/user-lock.ts";

describe("the name of the lock that a statement takes", () => {
  test.each([
    ["select get_lock('a', 10)", "'a'"],
    ["SELECT GET_LOCK ( 'it''s, (so)', 1 )", " 'it''s, (so)'"],
    [String.raw`select get_lock('it\'s, so', 1) as taken`, String.raw`'it\'s, so'`],
    ["select get_lock(concat('a', '/', 7), 60) as taken", "concat('a', '/', 7)"],
    ["select get_lock(concat(database(), '/model/', '1'), 60)", String.raw`concat('d\'b', '/model/', '1')`],
    ["select get_lock(concat(SCHEMA ( ), 1), 60)", String.raw`concat('d\'b', 1)`],
    ["do get_lock(`a`, 1)", "`a`"],
  ])("%s", (statement, name) => {
    expect(lockName(statement, "d'b")).toBe(name);
  });

  test.each([
    "select release_lock('a')",
    "update t set get_lock = 1",
    "select get_lock('a')",
    "select get_lock(",
  ])("is not known of: %s", (statement) => {
    expect(lockName(statement, "db")).toBeUndefined();
  });
});
