import { none } from "../element-table.ts";
import type { RegisterVersions } from "./register-versions.ts";
import type { Visits } from "./visits.ts";

/** The nodes of committed transactions that found each version. */
export interface Readers {
  readonly count: (version: number) => number;
  /** Calls back with each, in row order. */
  readonly each: (version: number, use: (node: number) => void) => void;
}

/** Sorts the visits by the version they found. Linear. */
export function readersByVersion(
  committed: Uint8Array,
  { length, node, read }: Visits,
  versions: RegisterVersions,
): Readers {
  const start = new Uint32Array(versions.length + 1);
  for (let visit = 0; visit < length; visit++) {
    const version = read[visit] ?? none;
    if (version === none || committed[node[visit] ?? 0] !== 1) continue;
    start[version + 1] = (start[version + 1] ?? 0) + 1;
  }
  for (let v = 1; v < start.length; v++) start[v] = (start[v] ?? 0) + (start[v - 1] ?? 0);
  const next = start.slice();
  const sorted = new Int32Array(start[versions.length] ?? 0);
  for (let visit = 0; visit < length; visit++) {
    const version = read[visit] ?? none;
    if (version === none || committed[node[visit] ?? 0] !== 1) continue;
    const at = next[version] ?? 0;
    sorted[at] = node[visit] ?? 0;
    next[version] = at + 1;
  }
  return {
    count: (version) => (start[version + 1] ?? 0) - (start[version] ?? 0),
    each: (version, use) => {
      for (let i = start[version] ?? 0; i < (start[version + 1] ?? 0); i++) use(sorted[i] ?? 0);
    },
  };
}
