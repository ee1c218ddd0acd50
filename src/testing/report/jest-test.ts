import { relative } from "node:path";

import { quoted, wholly } from "./command-words.ts";
import type { TestAttempt } from "../test-record.ts";

/** What is known of the test of jest's that is running. */
export interface JestTest {
  /** Runs it alone, where its name is known, else its file. */
  readonly command: string | undefined;
  /** In milliseconds; undefined where it is not told. */
  readonly timeoutMs: number | undefined;
  /** Its attempt; undefined where others run at the same time. */
  readonly running: TestAttempt | undefined;
}

/** What `expect.getState()` answers, as far as it is used here. */
interface ExpectState {
  readonly testPath?: string;
  readonly currentTestName?: string;
}

/** What jest-circus, the runner in jest, keeps of a file's tests. It is no public interface: any of it may be missing. */
interface CircusState {
  readonly testTimeout?: number;
  readonly currentlyRunningTest?: {
    /** Of this test, where it has one of its own. */
    readonly timeout?: number;
    /** Others run at the same time: which of them this is cannot be told. */
    readonly concurrent?: boolean;
    /** Attempts at it so far. */
    readonly invocations?: number;
  } | null;
}

/**
 * The test that is running, where jest runs it. Nothing of jest is loaded.
 *
 * @param globals the global object, in which jest leaves all this
 */
export function jestTest(globals: object = globalThis): JestTest | undefined {
  const { testPath, currentTestName } = expectState(globals) ?? {};
  const circus = circusState(globals);
  if (testPath === undefined || circus === undefined) return undefined;
  const { testTimeout, currentlyRunningTest: test } = circus;
  const isAlone = test !== undefined && test !== null && test.concurrent !== true;
  if (!isAlone) return { command: commandOf(testPath, undefined), timeoutMs: undefined, running: undefined };
  const timeoutMs = test.timeout ?? testTimeout;
  return {
    command: commandOf(testPath, currentTestName),
    timeoutMs,
    running: { test, attempt: String(test.invocations), timeoutMs },
  };
}

/** The key under which `expect` keeps its state there, whether tests import it or not. */
const expectKey = Symbol.for("$$jest-matchers-object");

function expectState(globals: object): ExpectState | undefined {
  return (globals as { readonly [expectKey]?: { readonly state?: ExpectState } })[expectKey]?.state;
}

function circusState(globals: object): CircusState | undefined {
  const key = Object.getOwnPropertySymbols(globals).find(
    ({ description }) => description === "JEST_STATE_SYMBOL",
  );
  return key === undefined ? undefined : (globals as Record<symbol, CircusState | undefined>)[key];
}

/** jest takes a path for a pattern, unless it is told: another file's name may contain it. */
function commandOf(file: string, test: string | undefined): string {
  const path = relative(process.cwd(), file);
  const command = `${vmModules()}npx jest --runTestsByPath ${/^[\w./-]+$/.test(path) ? path : quoted(path)}`;
  return test === undefined ? command : `${command} -t ${quoted(wholly(test))}`;
}

/** Without it jest loads no ECMAScript modules. */
function vmModules(): string {
  const flag = "--experimental-vm-modules";
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ");
  return given.includes(flag) ? `NODE_OPTIONS=${flag} ` : "";
}
