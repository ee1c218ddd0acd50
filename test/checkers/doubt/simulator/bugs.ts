import type { Kind } from "./objects.ts";
import type { Level } from "./rules.ts";

/** A fault that the simulated database can be given. */
export type BugName =
  | "dirty-read"
  | "aborted-read"
  | "intermediate-read"
  | "dirty-write"
  | "lost-update"
  | "stale-snapshot"
  | "fractured-read"
  | "non-repeatable-read"
  | "write-skew"
  | "phantom"
  | "lost-write"
  | "duplicated-append"
  | "reordered-append"
  | "future-read"
  | "stale-read"
  | "broken-session"
  | "truncated-list"
  | "torn-set"
  | "garbage";

/** Where a bug matters, and as what it must be found. */
export interface Bug {
  readonly name: BugName;
  readonly kinds: readonly Kind[];
  /** The level that the database claims to keep, and that forbids what the bug does. */
  readonly level: Level;
  /** At least one of these must be found. */
  readonly family: readonly string[];
  /** Weaker models that the bug does not break: they must not be said to be broken. */
  readonly spares: readonly Level[];
}

const every: readonly Kind[] = ["list", "register", "versioned", "set"];
const items: readonly Kind[] = ["list", "register", "versioned"];
const ordered: readonly Kind[] = ["list", "versioned"];

const skew = ["G-single", "G-single-item", "G-nonadjacent", "G-nonadjacent-item"];
const inRealTime = (names: readonly string[]): readonly string[] => names.map((name) => `${name}-realtime`);

/** All bugs. Where an entry's kinds differ in what must be found, there are several entries of the name. */
export const bugs: readonly Bug[] = [
  bug("dirty-read", every, "read-committed", ["G1a", "G1b", "G1c"], ["read-uncommitted"]),
  bug("aborted-read", every, "read-committed", ["G1a"], ["read-uncommitted"]),
  bug("intermediate-read", items, "read-committed", ["G1b"], ["read-uncommitted"]),
  bug("dirty-write", ordered, "read-uncommitted", ["G0"], []),
  bug("lost-update", ["register", "versioned"], "snapshot-isolation", ["lost-update"], ["read-committed"]),
  // A transaction that reads its own append before the list is merged saw a list that never was.
  bug("lost-update", ["list"], "snapshot-isolation", ["lost-update"], ["read-uncommitted"]),
  bug("stale-snapshot", every, "strong-snapshot-isolation", inRealTime(skew), ["snapshot-isolation"]),
  bug("fractured-read", every, "snapshot-isolation", [...skew, "internal"], ["read-committed"]),
  bug("non-repeatable-read", ordered, "repeatable-read", ["G-single-item"], ["read-committed"]),
  bug("non-repeatable-read", items, "snapshot-isolation", ["internal"], ["read-committed"]),
  bug("non-repeatable-read", ["set"], "snapshot-isolation", ["G-single"], ["read-committed"]),
  bug("write-skew", items, "serializable", ["G2-item"], ["snapshot-isolation"]),
  bug("phantom", ["set"], "serializable", ["G2"], ["repeatable-read", "snapshot-isolation"]),
  bug("lost-write", every, "strict-serializable", [...inRealTime(skew), ...skew, "internal"], []),
  bug("duplicated-append", ["list"], "read-uncommitted", ["duplicate-elements"], []),
  bug("reordered-append", ["list"], "read-committed", ["incompatible-order", "G1c"], []),
  bug("future-read", every, "strict-serializable", ["future-read", "G1c", "G1c-realtime"], []),
  bug("stale-read", every, "strict-serializable", inRealTime(skew), ["serializable"]),
  bug(
    "broken-session",
    every,
    "strong-session-serializable",
    skew.map((name) => `${name}-process`),
    ["serializable"],
  ),
  bug("truncated-list", ["list"], "read-committed", ["incompatible-order"], []),
  bug("torn-set", ["set"], "snapshot-isolation", ["G-single"], ["read-committed"]),
  bug("garbage", every, "read-uncommitted", ["garbage-read"], []),
];

function bug(
  name: BugName,
  kinds: readonly Kind[],
  level: Level,
  family: readonly string[],
  spares: readonly Level[],
): Bug {
  return { name, kinds, level, family, spares };
}
