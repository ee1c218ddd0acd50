import { describe, expect, test } from "vitest";

import type { Phase } from "../../src/clients/database-error.ts";
import { socketErrors, type ErrorRow } from "../../src/clients/error-table.ts";
import * as mysql from "../../src/clients/mysql/errors.ts";
import * as postgres from "../../src/clients/postgres/errors.ts";

const phases: readonly Phase[] = ["connect", "statement", "commit", "autocommit"];

const dialects = [
  {
    name: "postgres",
    table: Object.entries(postgres.errorTable),
    classify: postgres.classify,
    /** As `pg` throws it; a class stands for a code of it. */
    thrown: (code: string): Error =>
      Object.assign(new Error("server text"), { code: code.padEnd(5, "0"), severity: "ERROR" }),
    codeOf: (code: string): string | number => code.padEnd(5, "0"),
  },
  {
    name: "mysql",
    table: Object.entries(mysql.errorTable),
    classify: mysql.classify,
    thrown: (code: string): Error =>
      Object.assign(new Error("server text"), { errno: Number(code), code: "ER_X" }),
    codeOf: (code: string): string | number => Number(code),
  },
];

describe.each(dialects)("the error table of $name", ({ table, classify, thrown, codeOf }) => {
  test.each(table)("%s", (code, row: ErrorRow) => {
    expect(row.cause).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(row.source).not.toBe("");
    for (const phase of phases) {
      const { fields, message } = classify(thrown(code), phase, false);
      const sent = phase === "commit" || phase === "autocommit";
      expect(fields.outcome).toBe(sent && row.definite === "before-commit" ? "indeterminate" : "definite");
      expect(fields.phase).toBe(phase);
      expect(fields.cause).toBe(row.cause);
      if (!fields.connectionLost) expect(fields.code).toBe(codeOf(code));
      expect(message).toContain("server text");
    }
  });

  test("what is on no list is in doubt once COMMIT was sent, and only then", () => {
    for (const error of [thrown("99999"), new Error("?"), "a string", undefined, { code: 7 }]) {
      expect(classify(error, "statement", false).fields).toMatchObject({
        cause: "other",
        outcome: "definite",
      });
      expect(classify(error, "commit", false).fields.outcome).toBe("indeterminate");
      expect(classify(error, "autocommit", false).fields.outcome).toBe("indeterminate");
    }
  });

  test("a lost connection proves nothing once COMMIT was sent, whatever the error says", () => {
    for (const [code] of table)
      for (const phase of ["commit", "autocommit"] as const) {
        const { fields } = classify(thrown(code), phase, true);
        expect(fields.outcome).toBe("indeterminate");
        expect(fields.connectionLost).toBe(true);
        expect(["connection-lost", "server-shutdown"]).toContain(fields.cause);
        expect(fields.code).toBeUndefined();
      }
  });

  test("socket errors keep their code where there was no session yet", () => {
    for (const [code, row] of Object.entries(socketErrors)) {
      const error = Object.assign(new Error("text"), { code, errno: -1 });
      expect(classify(error, "connect", true).fields).toEqual({
        cause: row.cause,
        phase: "connect",
        outcome: "definite",
        code,
        connectionLost: true,
      });
    }
  });

  test("an error of several addresses tells the first one's text", () => {
    const error = Object.assign(new AggregateError([new Error("connect ECONNREFUSED ::1:1")], ""), {
      code: "ECONNREFUSED",
    });
    const { message, fields } = classify(error, "connect", true);
    expect(message).toBe("connection-refused (ECONNREFUSED): connect ECONNREFUSED ::1:1");
    expect(fields.cause).toBe("connection-refused");
  });
});

test("both databases have the same words for what both have", () => {
  const words = (table: Readonly<Record<string, ErrorRow>>): ReadonlySet<string> =>
    new Set(Object.values(table).map((row) => row.cause));
  const [ours, theirs] = [words(postgres.errorTable), words(mysql.errorTable)];
  for (const word of [
    "deadlock",
    "duplicate-key",
    "foreign-key",
    "check-violation",
    "not-null",
    "lock-not-available",
    "cancelled",
    "connection-lost",
    "server-shutdown",
    "too-many-connections",
    "disk-full",
    "read-only",
    "syntax",
    "authentication-failed",
    "unknown-database",
  ])
    expect([word, ours.has(word), theirs.has(word)]).toEqual([word, true, true]);
});

test("PostgreSQL's codes that stand for two things are told apart", () => {
  const error = (code: string, rest: object): Error =>
    Object.assign(new Error("canceling statement due to statement timeout"), {
      code,
      severity: "ERROR",
      ...rest,
    });
  expect(
    postgres.classify(error("55P03", { routine: "ProcessInterrupts" }), "statement", false).fields.cause,
  ).toBe("lock-timeout");
  expect(
    postgres.classify(error("55P03", { routine: "heap_lock_tuple" }), "statement", false).fields.cause,
  ).toBe("lock-not-available");
  expect(postgres.classify(error("57014", {}), "statement", false).fields.cause).toBe("statement-timeout");
});

test("a fatal error of PostgreSQL ends the session", () => {
  const error = Object.assign(new Error("bye"), { code: "57P01", severity: "FATAL" });
  expect(postgres.classify(error, "statement", false).fields).toMatchObject({
    cause: "connection-lost",
    connectionLost: true,
    outcome: "definite",
  });
});

test("MySQL's transaction-ending errors are known by number and by SQLSTATE", () => {
  for (const errno of [1213, 1205, 1020]) expect(mysql.endsTheTransaction({ errno })).toBe(true);
  expect(mysql.endsTheTransaction({ errno: 9999, sqlState: "40001" })).toBe(true);
  for (const error of [{ errno: 1062, sqlState: "23000" }, undefined, "x"])
    expect(mysql.endsTheTransaction(error)).toBe(false);
});
