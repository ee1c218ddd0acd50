/**
 * `isolab/check`: judge histories. Needs no database and no driver.
 *
 * @packageDocumentation
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
export { unknownOutcomes, type UnknownOutcomes } from "./checkers/unknown-outcomes.ts";
export type { Cases } from "./checkers/cases.ts";
export type { Counts, Step, StepType, Validity, Verdict, Witness } from "./checkers/verdict.ts";

export { operationAt } from "./history/operation-at.ts";
export type { History } from "./history/history.ts";
export { historyBuilder, type HistoryBuilder } from "./history/history-builder.ts";
export { HistoryError } from "./history/history-error.ts";
export type { DatabaseDescription, DatabaseKind, Header, IsolationLevel } from "./history/header.ts";
export { encodeEdnHistory } from "./history/edn-history.ts";
export { encodeJsonLines } from "./history/jsonl.ts";
export { loadHistory, parseHistory } from "./history/load-history.ts";
export type { Json, Mop, Operation, OperationError, OperationType, Process } from "./history/operation.ts";
