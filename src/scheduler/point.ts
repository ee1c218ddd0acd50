/** What a session does at a scheduling point. BEGIN is none: it is sent with the first statement after it. */
export type PointKind = "query" | "commit" | "rollback" | "think";

/** What of the database a step may touch, as far as its text tells. Says more rather than less. */
export interface Footprint {
  /** Names of tables; `all` where the text does not tell. For a COMMIT or ROLLBACK those of its transaction. */
  readonly tables: readonly string[] | "all";
  /** Nothing is written and nothing is locked. */
  readonly readOnly: boolean;
}

/** Where a session stands and waits for its turn. */
export interface Point {
  /** Number of the session, from 0. */
  readonly session: number;
  /** Number of the planned operation that it belongs to. */
  readonly operation: number;
  /** Attempts at the operation before this one. */
  readonly attempt: number;
  readonly kind: PointKind;
  /** The statement as the transaction's body wrote it; null for all but queries. */
  readonly sql: string | null;
  /** The first statement of its transaction: where a snapshot may be taken. */
  readonly first: boolean;
  /** The first point of its attempt: the operation is invoked with it, and leaving it alone is no preemption. */
  readonly begins: boolean;
  readonly footprint: Footprint;
  /** Outside of any transaction: a statement that commits itself in this very step. Not known where it is left out. */
  readonly alone?: boolean | undefined;
}
