import type { Json, Mop } from "../../history/operation.ts";
import type { Image, RowVersion } from "./row-versions.ts";

/** What a transaction did with a row, or with rows that nobody can tell. */
export type RowAct =
  | {
      readonly type: "read";
      readonly table: string;
      readonly key: string;
      /** What the application saw of it; undefined: that it was not there. */
      readonly shows: Image;
      /** Those that it may have been, at least one; the history tells of it where it is one. */
      readonly versions: readonly RowVersion[];
      readonly mop: Mop | undefined;
    }
  | {
      readonly type: "write";
      readonly table: string;
      readonly key: string;
      readonly version: RowVersion;
      readonly mop: Mop;
    }
  | {
      /** Something of the table's rows was shown, and it is not known what. */
      readonly type: "glimpse";
      readonly table: string;
      /** The statement that showed it; undefined where it showed what it wrote. */
      readonly sql: string | undefined;
      /** The step in which it was answered, where the rows that it showed were locked from then on. */
      readonly locked: number | undefined;
      readonly mop: undefined;
    };

/** One transaction of the application's, or a statement that is one by itself. */
export interface RowTransaction {
  readonly session: number;
  /** What the session's function is called. */
  readonly f: string;
  readonly isAlone: boolean;
  /** Number of the step in which it began. */
  readonly began: number;
  /** What it did with rows, in its order, with the table of each. */
  readonly did: RowAct[];
  /** Ids of tables that it wrote. */
  readonly wrote: Set<string>;
  state: "open" | "ok" | "fail" | "info";
}

/** Where it is told that a transaction began or ended. */
export interface RowEvent {
  readonly type: "invoke" | "end";
  readonly step: number;
  readonly transaction: RowTransaction;
}

/** A mop as it is before its answer is known. */
export function asked([kind, key, value]: Mop): Mop {
  if (kind === "r" || !Array.isArray(value)) return [kind, key, null];
  return [kind, key, [null, (value as readonly Json[])[1] ?? null]];
}
