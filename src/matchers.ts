/**
 * `isolab/matchers`: what a history proves, as answers and as matchers for any test runner. Needs no
 * database, no driver and no runner.
 *
 * With jest: `expect.extend(historyMatchers)`. With vitest: `import "isolab/vitest"`.
 *
 * @module isolab/matchers
 */
export {
  historyMatchers,
  type HistoryMatchers,
  type MatcherContext,
  type MatcherResult,
} from "./testing/matchers/history-matchers.ts";
export type { Answer } from "./testing/matchers/answer.ts";
export { satisfies, type ModelOptions } from "./testing/matchers/satisfies.ts";
export { shows, type AnomalyOptions } from "./testing/matchers/shows.ts";
export type { Subject } from "./testing/matchers/subject.ts";
