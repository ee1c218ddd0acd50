import type { Header } from "./header.ts";
import type { Json } from "./operation.ts";

/** Codes of {@link History.type}. */
export const typeCode = { invoke: 0, ok: 1, fail: 2, info: 3 } as const;

/**
 * Codes of {@link History.mopKind}, in the order of their numbers: lists, registers and sets; anything
 * else; rows of a closed universe, which are inserted, deleted and read by a predicate (`rp`).
 */
export const mopKindCode = {
  append: 0,
  r: 1,
  w: 2,
  add: 3,
  rs: 4,
  other: 5,
  insert: 6,
  delete: 7,
  rp: 8,
} as const;

/**
 * What the objects of a history held before its first operation.
 *
 * - `empty`: nothing, because the run was one of ours: it has a header.
 * - `as-read`: whatever reads show that nobody wrote. Elle sees it so, and EDN is what Jepsen writes for
 *   Elle; a history in EDN without our header is therefore taken by this rule.
 * - `unknown`: nobody says.
 */
export type Beginning = "empty" | "as-read" | "unknown";

/** Codes of {@link History.mopShape}: how {@link History.mopValue} is to be read. */
export const shapeCode = { none: 0, scalar: 1, list: 2 } as const;

/**
 * A whole history in memory, in columns: one typed array per field, keys and values interned to
 * small integers, so that a million transactions cost no object each. Read-only once built.
 *
 * Row `i` is the i-th operation line. Its micro-operations are rows `mopStart[i]` (inclusive) to
 * `mopStart[i + 1]` (exclusive) of the mop columns.
 */
export interface History {
  /** Null for a history of somebody else's. */
  readonly header: Header | null;
  readonly beginning: Beginning;
  /** Number of operation lines. */
  readonly length: number;
  /** The `index` field as written; strictly increasing. */
  readonly index: Float64Array;
  readonly time: Float64Array;
  /** Process number; a named process is `-1 - n`, where n is its position in {@link processNames}. */
  readonly process: Int32Array;
  readonly processNames: readonly string[];
  /** {@link typeCode}. */
  readonly type: Uint8Array;
  /** Position in {@link functions}. */
  readonly f: Uint32Array;
  readonly functions: readonly string[];
  /** Row of the matching completion (of an invocation) or invocation (of a completion), or -1. */
  readonly pair: Int32Array;

  /** `length + 1` entries. Empty range where `value` is no list of micro-operations. */
  readonly mopStart: Uint32Array;
  /** {@link mopKindCode}; for `other`, the name is in {@link otherKinds} by mop row. */
  readonly mopKind: Uint8Array;
  readonly otherKinds: ReadonlyMap<number, string>;
  /** Position in {@link keys}. Keys that are equal as JSON are one key. */
  readonly mopKey: Uint32Array;
  readonly keys: readonly Json[];
  /** {@link shapeCode}: none is JSON null, list a JSON array, scalar anything else. */
  readonly mopShape: Uint8Array;
  /** scalar: position in {@link values}; list: position in {@link listFrom}; none: 0. */
  readonly mopValue: Uint32Array;
  /** Interned scalars and list elements. Values that are equal as JSON are one value. */
  readonly values: readonly Json[];
  /**
   * List n holds `listItems[listFrom[n]]` to `listItems[listTo[n]]` (exclusive): positions in values.
   * Lists share items where they can, so that two that begin at the same place agree as far as both go.
   */
  readonly listFrom: Uint32Array;
  readonly listTo: Uint32Array;
  readonly listItems: Uint32Array;

  /** The `value` field of rows that hold no list of micro-operations. */
  readonly otherValues: ReadonlyMap<number, Json>;
  /** The `data` field, where present. */
  readonly data: ReadonlyMap<number, Json>;
  /** The `error` field, where present. */
  readonly error: ReadonlyMap<number, Json>;
}
