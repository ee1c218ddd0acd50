import type { DatabaseKind } from "../history/header.ts";
import type { Rng } from "../random/rng.ts";
import type { Arena } from "./arena.ts";

/** What must be there for a fault beside the sessions of the run. */
export type Need =
  /** A throw-away server of our own, to be stopped and killed. */
  | "own-server"
  /** Its data on a small file system of their own, which takes root. */
  | "small-disk"
  /** Sessions that come through our proxy. */
  | "proxy"
  /** Harms others on the same server: one of our own, or the user's leave. */
  | "disruptive"
  /** A client that gives up waiting for an answer: what hangs would hang for ever. */
  | "answer-timeout";

/**
 * A fault as a value: what it does, how it is undone, what it needs. What it hits and how hard is drawn from the
 * generator it is given, one of its own for each strike, so that the same seed draws the same faults.
 */
export interface Nemesis {
  readonly name: string;
  /** What it does and how it is undone, for `isolab list nemeses`. */
  readonly summary: string;
  /** The kinds of server that know such a fault. */
  readonly databases: readonly DatabaseKind[];
  readonly needs: readonly Need[];
  /**
   * Injects the fault. Resolves once it has struck.
   *
   * @returns null when there was nothing to hit
   * @throws DatabaseError, EnvironmentError when it could not be injected; nothing of it is left then
   */
  readonly strike: (arena: Arena, rng: Rng) => Promise<Strike | null>;
}

/** A fault that has struck. */
export interface Strike {
  /** What was done, for the history: no id, port or path. */
  readonly did: string;
  /** Undoes a fault that lasts; called once, when its time is over or the run ends. Absent where nothing is to be undone. */
  readonly undo?: () => Promise<void>;
}

/** Every kind of server. */
export const everyDatabase: readonly DatabaseKind[] = ["postgres", "mysql", "mariadb"];
