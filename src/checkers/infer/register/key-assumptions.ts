/**
 * What the user vouches for about registers, which say nothing of the order of their versions
 * themselves. A false promise makes false accusations; one that the history contradicts is reported as
 * `cyclic-versions` and not used.
 */
export interface KeyAssumptions {
  /** A transaction that reads a key and writes it replaces what it read. */
  readonly wfrKeys?: boolean;
  /** Each key by itself is sequentially consistent: no process sees it go back. */
  readonly sequentialKeys?: boolean;
  /** Each key by itself is linearizable: nobody sees it go back, by real time. */
  readonly linearizableKeys?: boolean;
}
