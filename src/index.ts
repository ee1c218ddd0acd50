/**
 * `isolab`: find races in code of your own (`race`, `explore`), and define workloads. Loads no driver by itself.
 *
 * @module isolab
 */
export { defineWorkload, WorkloadError } from "./workload/define-workload.ts";
export {
  invariant,
  type Breach,
  type CheckedOperation,
  type Ending,
  type Invariant,
  type InvariantDefinition,
} from "./workload/invariant.ts";
export { defineConfig, type ConfigTarget, type IsolabConfig } from "./workload/config.ts";
export { Abort } from "./workload/abort.ts";
export { distinct } from "./workload/distinct.ts";
export { atLeast, below } from "./workload/levels.ts";
export { lostUpdateRules, neverUnlessDirty } from "./workload/rules.ts";
export { retryOn, serverRefusals } from "./workload/retry.ts";
export type {
  Body,
  Operations,
  VariantDefinition,
  WorkloadDefinition,
} from "./workload/workload-definition.ts";
export type {
  Completed,
  Expectation,
  OperationDefinition,
  Parameter,
  Parameters,
  PlannedOperation,
  RetryPolicy,
  Session,
  Transaction,
  Variant,
  Workload,
} from "./workload/workload.ts";

export { concat } from "./generators/concat.ts";
export { forever, repeat } from "./generators/forever.ts";
export { fromList } from "./generators/from-list.ts";
export type { Context, Draw, Generator } from "./generators/generator.ts";
export { hotKeys, type HotKeysOptions } from "./generators/hot-keys.ts";
export { limit } from "./generators/limit.ts";
export { map } from "./generators/map.ts";
export { mix, type Weighted } from "./generators/mix.ts";
export { perSession } from "./generators/per-session.ts";
export { phases } from "./generators/phases.ts";
export { atRate, delay, stagger } from "./generators/stagger.ts";
export {
  listAppendTransactions,
  registerTransactions,
  type KeyDistribution,
  type TransactionMop,
  type TransactionOperation,
  type TransactionOptions,
} from "./generators/transactions.ts";
export type { Rng } from "./random/rng.ts";

export {
  DatabaseError,
  type DatabaseErrorFields,
  type Outcome,
  type Phase,
} from "./clients/database-error.ts";
export type { Dialect, QueryResult, Row } from "./clients/database.ts";
export type { DatabaseKind, IsolationLevel } from "./history/header.ts";
export type { Json, Mop } from "./history/operation.ts";

export { explore } from "./testing/explore-race.ts";
export { race, RaceError } from "./testing/race.ts";
export { bites, weaken, type Weakening } from "./testing/weaken.ts";
export { ToothlessError } from "./testing/toothless-error.ts";
export { RaceMisuse } from "./testing/race-misuse.ts";
export { startServer, type TestServer } from "./testing/start-server.ts";
export type {
  EndingsOf,
  InvariantCheck,
  RaceOptions,
  RaceStrategy,
  SessionFunction,
} from "./testing/race-options.ts";
export type { RaceDiagnosis, RaceFinding, RaceRemedy, RaceResult } from "./testing/race-result.ts";
export type { PoolLike, RaceDatabase } from "./testing/race-target.ts";
export type { Query } from "./testing/race-stage.ts";
export type { SessionEnding } from "./testing/session-ending.ts";
export type { IsolationName } from "./testing/isolation-name.ts";
export { EnvironmentError } from "./clients/database-error.ts";

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
