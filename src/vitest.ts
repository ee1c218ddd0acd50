/**
 * `isolab/vitest`: `race` and `bites` in a test of vitest's; registers the matchers for histories with vitest, and tells TypeScript of them. Import
 * it in a test, or name it among vitest's `setupFiles`. {@link historyMatchers} says what each of them asks.
 *
 * @module isolab/vitest
 */
import { expect, type JestAssertion } from "vitest";

import { historyMatchers } from "./testing/matchers/history-matchers.ts";
import type { ModelOptions } from "./testing/matchers/satisfies.ts";
import type { AnomalyOptions } from "./testing/matchers/shows.ts";

type Vitests = JestAssertion["toSatisfy"];

/** vitest's own `toSatisfy(predicate)` as it is, and `toSatisfy("snapshot-isolation")` beside it. */
export interface ToSatisfy<Result = void> {
  /** Passes when the function says so of the value: vitest's own. */
  (predicate: Parameters<Vitests>[0], message?: string): Result;
  /** Passes when nothing was found in the history that the consistency model forbids. */
  (model: string, options?: ModelOptions): Result;
}

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- merging asks for the same parameters
  interface Assertion<T> {
    /** The history, saved history or verdict is serializable; see {@link historyMatchers}. */
    toBeSerializable: (options?: ModelOptions) => void;
    /** The history, saved history or verdict shows nothing that the model forbids; a predicate is vitest's. */
    toSatisfy: ToSatisfy;
    /** The history, saved history or verdict shows the anomaly. */
    toShow: (anomaly: string, options?: AnomalyOptions) => void;
  }
  interface AsymmetricMatchersContaining {
    /** Matches a history, saved history or verdict that is serializable. */
    toBeSerializable: (options?: ModelOptions) => unknown;
    /** Matches what shows nothing that the model forbids; a predicate is vitest's. */
    toSatisfy: ToSatisfy<ReturnType<Vitests>>;
    /** Matches what shows the anomaly. */
    toShow: (anomaly: string, options?: AnomalyOptions) => unknown;
  }
}

expect.extend(historyMatchers);

export { race } from "./testing/vitest/race.ts";
export { explore } from "./testing/explore-race.ts";
export { RaceError } from "./testing/race.ts";
export { startServer, type TestServer } from "./testing/start-server.ts";
export { bites, weaken } from "./testing/vitest/weaken.ts";
export { ToothlessError } from "./testing/toothless-error.ts";
export type { Weakening } from "./testing/weaken.ts";
