import type { Header } from "./header.ts";
import { HistoryColumns } from "./history-columns.ts";
import type { Beginning, History } from "./history.ts";
import type { Operation } from "./operation.ts";

/** Collects operations into a columnar {@link History}; see {@link historyBuilder}. */
export interface HistoryBuilder {
  /**
   * Appends one operation, which is not kept as an object. Operations are trusted to be well-formed
   * (validate.ts); a completion is paired with the open invocation of its process.
   * @throws HistoryError for keys and values that are no JSON or no exact numbers.
   */
  readonly add: (operation: Operation) => void;
  /**
   * The history so far: more may be added and built again, and does not change it. It shares the
   * builder's columns, so building costs what keys, values, data and pairs hold.
   */
  readonly build: () => History;
}

/**
 * A builder for a history of ours (with a header) or of others (null). Memory is linear in the text.
 * @param beginning what was there before the first operation; with a header nothing, else nobody knows
 */
export function historyBuilder(
  header: Header | null,
  beginning: Beginning = header === null ? "unknown" : "empty",
): HistoryBuilder {
  const columns = new HistoryColumns();
  return {
    add: (operation) => {
      columns.add(operation);
    },
    build: () => columns.build(header, beginning, false),
  };
}
