import { CheckError } from "../../checkers/check-error.ts";
import { type Answer, unknown } from "./answer.ts";
import { type ModelOptions, satisfies } from "./satisfies.ts";
import { type AnomalyOptions, shows } from "./shows.ts";
import type { Subject } from "./subject.ts";
import { words } from "./words.ts";

/** What a test runner tells a matcher, as far as these need it. */
export interface MatcherContext {
  /** Whether `.not` was written. */
  readonly isNot?: boolean;
}

/** What a matcher tells the test runner. */
export interface MatcherResult {
  readonly pass: boolean;
  /** What the runner prints when the expectation fails. */
  readonly message: () => string;
}

/** The matchers, as `expect.extend` of vitest and jest takes them. */
export interface HistoryMatchers {
  /**
   * `expect(history).toBeSerializable()`: some order of its transactions, one after the other, explains
   * everything they saw.
   */
  toBeSerializable(this: MatcherContext, subject: unknown, options?: ModelOptions): MatcherResult;
  /**
   * `expect(history).toSatisfy("snapshot-isolation")`: nothing was found that the model forbids. Given a
   * function it is the `toSatisfy` of vitest and jest-extended: the value passes when the function says so.
   */
  toSatisfy(
    this: MatcherContext,
    subject: unknown,
    model: string | ((value: unknown) => boolean),
    options?: ModelOptions | string,
  ): MatcherResult;
  /** `expect(history).toShow("write-skew")`: the anomaly was found. */
  toShow(this: MatcherContext, subject: unknown, anomaly: string, options?: AnomalyOptions): MatcherResult;
}

/**
 * Matchers for histories, saved histories and verdicts (see {@link Subject}), for any runner whose `expect`
 * can be extended. What is `unknown` fails with and without `.not`, and so does a name that does not exist.
 */
export const historyMatchers: Readonly<HistoryMatchers> = {
  toBeSerializable(subject, options = {}) {
    return result(this, () => satisfies(subject as Subject, "serializable", options));
  },
  toSatisfy(subject, model, options = {}) {
    if (typeof model === "function") return fulfils(subject, model, options);
    return result(this, () => satisfies(subject as Subject, model, options as ModelOptions));
  },
  toShow(subject, anomaly, options = {}) {
    return result(this, () => shows(subject as Subject, anomaly, options));
  },
};

function result({ isNot = false }: MatcherContext, ask: () => Answer): MatcherResult {
  const answer = answered(ask);
  return {
    // A runner turns a pass with .not into a failure.
    pass: answer.holds === "unknown" ? isNot : answer.holds,
    message: () => words(answer),
  };
}

function answered(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CheckError) return unknown(error.message);
    throw error;
  }
}

function fulfils(value: unknown, predicate: (value: unknown) => boolean, message: unknown): MatcherResult {
  const pass = predicate(value);
  const what = typeof message === "string" ? message : predicate.toString();
  return { pass, message: () => `Expected the value ${pass ? "not " : ""}to satisfy:\n${what}` };
}
