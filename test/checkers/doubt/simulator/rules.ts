/** What the simulated database can be told to keep. Each is the name of the model it keeps. */
export const levels = [
  "read-uncommitted",
  "read-committed",
  "repeatable-read",
  "snapshot-isolation",
  "strong-session-snapshot-isolation",
  "strong-snapshot-isolation",
  "serializable",
  "strong-session-serializable",
  "strict-serializable",
] as const;

export type Level = (typeof levels)[number];

/** How serializable levels are kept: by locks, or by checking at the commit what was read. */
export type Engine = "locking" | "optimistic";

/** How a level is kept, as switches. */
export interface Rules {
  /** What a statement reads: anything written, the latest committed state, or the transaction's snapshot. */
  readonly reads: "dirty" | "latest" | "snapshot";
  /** Long read locks: on nothing, on single objects but not on sets, on all. */
  readonly readLocks: "none" | "items" | "all";
  /** Long write locks; without them writes wait for the commit. */
  readonly writeLocks: boolean;
  /** A commit fails where another wrote the same object since the snapshot. Inserts never conflict. */
  readonly firstCommitterWins: boolean;
  /** A commit fails where another wrote what it read since the snapshot. */
  readonly validatesReads: boolean;
  /** Transactions that only read use a snapshot and are neither locked nor checked. */
  readonly readOnlySnapshots: boolean;
  /** How old a snapshot may be: anything, no older than what the session knows, not old at all. */
  readonly oldest: "any" | "session" | "none";
}

const plain: Rules = {
  reads: "latest",
  readLocks: "none",
  writeLocks: true,
  firstCommitterWins: false,
  validatesReads: false,
  readOnlySnapshots: false,
  oldest: "none",
};

/** The switches of a level (textbook definitions: Berenson et al. 1995; Adya 1999, chapter 3). */
export function rulesOf(level: Level, engine: Engine): Rules {
  switch (level) {
    case "read-uncommitted":
      return { ...plain, reads: "dirty" };
    case "read-committed":
      return plain;
    case "repeatable-read":
      return { ...plain, readLocks: "items" };
    case "snapshot-isolation":
      return snapshots("any");
    case "strong-session-snapshot-isolation":
      return snapshots("session");
    case "strong-snapshot-isolation":
      return snapshots("none");
    case "serializable":
      return serial("any", engine);
    case "strong-session-serializable":
      return serial("session", engine);
    case "strict-serializable":
      return serial("none", engine);
  }
}

function snapshots(oldest: Rules["oldest"]): Rules {
  return { ...plain, reads: "snapshot", writeLocks: false, firstCommitterWins: true, oldest };
}

function serial(oldest: Rules["oldest"], engine: Engine): Rules {
  if (engine === "locking") return { ...plain, readLocks: "all", readOnlySnapshots: true, oldest };
  return { ...snapshots(oldest), firstCommitterWins: false, validatesReads: true, readOnlySnapshots: true };
}
