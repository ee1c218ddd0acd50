import { join } from "node:path";
import { expect, test } from "vitest";

import { jestTest } from "../../src/testing/report/jest-test.ts";

/** The global object as jest leaves it while a test runs; examples/jest is run by jest itself. */
function globals(
  name: string,
  { timeout, concurrent, invocations, file = "test/sell.test.js" }: Running = {},
): object {
  return {
    [Symbol.for("$$jest-matchers-object")]: {
      state: { testPath: join(process.cwd(), file), currentTestName: name },
    },
    [Symbol("JEST_STATE_SYMBOL")]: {
      testTimeout: 5000,
      currentlyRunningTest: { name, timeout, concurrent, invocations },
    },
  };
}

interface Running {
  readonly timeout?: number;
  readonly concurrent?: boolean;
  readonly invocations?: number;
  readonly file?: string;
}

test("a test's own timeout goes before that of all", () => {
  expect(jestTest(globals("sold"))?.timeoutMs).toBe(5000);
  expect(jestTest(globals("sold", { timeout: 300 }))?.timeoutMs).toBe(300);
});

test("an attempt is known by jest's own object for the test, and by how many there were", () => {
  expect(jestTest(globals("sold", { invocations: 2 }))?.running).toMatchObject({
    test: { name: "sold" },
    attempt: "2",
    timeoutMs: 5000,
  });
});

test("the command matches this test and this file alone", () => {
  expect(jestTest(globals("it's sold (once)"))?.command).toBe(
    String.raw`npx jest --runTestsByPath test/sell.test.js -t '^it'\''s sold \(once\)$'`,
  );
  expect(jestTest(globals("sold", { file: "my tests/sell.js" }))?.command).toContain("'my tests/sell.js'");
});

test("of tests that run at the same time it is not known which one this is", () => {
  expect(jestTest(globals("sold", { concurrent: true, timeout: 300 }))).toEqual({
    command: "npx jest --runTestsByPath test/sell.test.js",
    timeoutMs: undefined,
  });
});

test("other runners are not taken for jest, though they share its matchers", () => {
  expect(jestTest()).toBeUndefined();
  expect(jestTest({})).toBeUndefined();
});
