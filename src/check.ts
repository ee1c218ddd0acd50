/**
 * `isolab/check`: judge histories. Needs no database and no driver.
 *
 * @module isolab/check
 */
export { check, type CheckOptions } from "./checkers/check.ts";
export {
  availability,
  type Availability,
  type AvailabilityBucket,
  type AvailabilityFault,
  type AvailabilityOptions,
} from "./checkers/availability/availability.ts";
export type { LatencyMs } from "./checkers/availability/latencies.ts";
export { CheckError } from "./checkers/check-error.ts";
export type { DomainChecker, DomainResult } from "./checkers/domain/domain-checker.ts";
export { unknownOutcomes, type UnknownOutcomes } from "./checkers/unknown-outcomes.ts";
export type { Cases } from "./checkers/cases.ts";
export {
  type Counts,
  type Step,
  type StepType,
  type Validity,
  type Verdict,
  type Witness,
  witnessesPerType,
} from "./checkers/verdict.ts";

export { operationAt } from "./history/operation-at.ts";
export { type Beginning, type History, mopKindCode, shapeCode, typeCode } from "./history/history.ts";
export { historyBuilder, type HistoryBuilder } from "./history/history-builder.ts";
export { HistoryError, type HistoryLocation } from "./history/history-error.ts";
export type { DatabaseDescription, DatabaseKind, Header, IsolationLevel } from "./history/header.ts";
export { encodeEdnHistory } from "./history/edn-history.ts";
export { encodeJsonLines } from "./history/jsonl.ts";
export { type LoadedHistory, loadHistory, loadHistorySync, parseHistory } from "./history/load-history.ts";
export type { Json, Mop, Operation, OperationError, OperationType, Process } from "./history/operation.ts";
