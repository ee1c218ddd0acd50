import type { PointKind } from "../../scheduler/point.ts";

/** What a session's code asked for, and waits for. */
export interface Turn {
  readonly kind: PointKind;
  /** The statement of a query. */
  readonly sql: string | null;
  /** The first statement of its transaction. */
  readonly first: boolean;
  /** In a transaction, though it may be one that is begun with it. */
  readonly isInTransaction: boolean;
  /** Does it on the server. May be called again after it was taken back. */
  readonly run: () => Promise<unknown>;
}

/** How a turn ended. */
export type TurnResult = { readonly value: unknown } | { readonly error: Error };
