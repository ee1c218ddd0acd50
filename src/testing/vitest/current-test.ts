import * as vitest from "vitest";

/** A test, or what it is a part of. */
interface Named {
  readonly name: string;
  readonly suite?: Named;
}

/** What is known of the test that is running. */
interface RunningTest extends Named {
  /** In milliseconds; 0 for none. */
  readonly timeout?: number;
  /** Others run at the same time: which of them this is cannot be told. */
  readonly concurrent?: boolean;
  /** How often it was tried again, and repeated. */
  readonly result?: { readonly retryCount?: number; readonly repeatCount?: number };
}

/** The test that is running, as the installed vitest tells it; undefined outside of one. */
export async function currentTest(): Promise<RunningTest | undefined> {
  const { TestRunner } = vitest as { TestRunner?: { getCurrentTest?(): RunningTest | undefined } };
  if (TestRunner?.getCurrentTest !== undefined) return TestRunner.getCurrentTest();
  // Before vitest 4.1.
  const suite: { getCurrentTest(): RunningTest | undefined } = await import("vitest/suite");
  return suite.getCurrentTest();
}

/** A test's name and those of its suites, as vitest joins them to look which tests `-t` means. */
export function fullName({ name, suite }: Named): string {
  return suite === undefined ? name : `${fullName(suite)} ${name}`;
}
