import { expect, test } from "vitest";

import { errorText } from "../../src/testing/report/error-text.ts";

class SoldOut extends Error {
  override readonly name = "SoldOut";
}

const refused = Object.assign(new Error("could not serialize access"), { name: "error", code: "40001" });
const duplicate = Object.assign(new Error("Duplicate entry '1' for key 'PRIMARY'"), {
  code: "ER_DUP_ENTRY",
  sqlState: "23000",
});
const prisma = Object.assign(
  new Error("\nInvalid `prisma.ticket.create()` invocation in\n/app/sell.ts:3:1\n\nUnique constraint failed"),
  { name: "PrismaClientKnownRequestError", code: "P2002" },
);

test.each<[unknown, string]>([
  [new Error("no ticket left"), "Error: no ticket left"],
  [new SoldOut("no ticket left\nof two"), "SoldOut: no ticket left"],
  [new SoldOut(""), "SoldOut"],
  [refused, "could not serialize access (SQLSTATE 40001)"],
  [duplicate, "Error: Duplicate entry '1' for key 'PRIMARY' (ER_DUP_ENTRY, SQLSTATE 23000)"],
  [prisma, "PrismaClientKnownRequestError: Unique constraint failed (P2002)"],
  [
    new Error("Failed query: update tickets set owner = $1\nparams: ann", { cause: refused }),
    "Error: Failed query: update tickets set owner = $1, caused by: could not serialize access (SQLSTATE 40001)",
  ],
  [new Error("no", { cause: new Error("why") }), "Error: no"],
  [
    new AggregateError([Object.assign(new Error("connect ECONNREFUSED ::1:1"), { code: "ECONNREFUSED" })]),
    "Error: connect ECONNREFUSED ::1:1 (ECONNREFUSED)",
  ],
  ["gone", "'gone'"],
  [{ status: 409 }, "{ status: 409 }"],
  [undefined, "undefined"],
])("an error is told in one line (%#)", (error, text) => {
  expect(errorText(error)).toBe(text);
});

test("a message that is long is cut", () => {
  const text = errorText(new Error("x ".repeat(500)));
  expect(text).toMatch(/^Error: x x .*…$/);
  expect(text.length).toBeLessThan(200);
});

test("errors that cause each other come to an end", () => {
  const one = new Error("one");
  const other = new Error("other", { cause: one });
  one.cause = other;
  expect(errorText(one)).toBe("Error: one");
});
