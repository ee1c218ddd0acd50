import { expect, test } from "vitest";

import { DatabaseError, type DatabaseErrorFields } from "../../src/clients/database-error.ts";
import { classifyFailure } from "../../src/runner/classify-failure.ts";
import { Abort } from "../../src/workload/abort.ts";

const serialization: DatabaseErrorFields = {
  cause: "serialization-failure",
  phase: "statement",
  outcome: "definite",
  code: "40001",
  connectionLost: false,
};

test("a definite failure is fail, with the cause and the server's code", () => {
  expect(classifyFailure(new DatabaseError("no", serialization), false)).toEqual({
    type: "fail",
    error: { cause: "serialization-failure", code: "40001" },
    message: "no",
    connectionLost: false,
    bug: false,
  });
});

test("a definite failure after something was committed is info: half of the operation happened", () => {
  expect(classifyFailure(new DatabaseError("no", serialization), true).type).toBe("info");
});

test("a connection lost during COMMIT is info", () => {
  const lost = {
    ...serialization,
    cause: "connection-lost",
    phase: "commit",
    outcome: "indeterminate",
  } as const;
  const failure = classifyFailure(
    new DatabaseError("gone", { ...lost, code: undefined, connectionLost: true }),
    false,
  );
  expect(failure).toMatchObject({ type: "info", connectionLost: true, error: { cause: "connection-lost" } });
  expect(failure.error).not.toHaveProperty("code");
});

test("a body that gives up has failed, unless it had committed something", () => {
  expect(classifyFailure(new Abort("no-funds"), false)).toMatchObject({
    type: "fail",
    error: { cause: "no-funds" },
  });
  expect(classifyFailure(new Abort("no-funds"), true).type).toBe("info");
  expect(classifyFailure(new Abort("no-funds"), false)).not.toHaveProperty("data");
  expect(classifyFailure(new Abort("no-funds", { wanted: 5 }), false).data).toEqual({ wanted: 5 });
});

test("an exception nobody foresaw proves nothing, and is a bug", () => {
  expect(classifyFailure(new TypeError("x is undefined"), false)).toMatchObject({ type: "info", bug: true });
});
