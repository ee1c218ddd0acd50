import { type History, mopKindCode, shapeCode, typeCode } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { member } from "./json-members.ts";

/** One registration that surely committed. */
export interface Registration {
  /** Row of the completion. */
  readonly row: number;
  /** Position in the history's keys: the model. */
  readonly key: number;
  /** Position in the history's values. */
  readonly element: number;
  /** The version it was given, or null where nobody said. */
  readonly version: number | null;
}

/** What the history says about a registry of models and their versions. */
export interface VersionFacts {
  readonly registrations: readonly Registration[];
  /** Models that were read at rest, with the elements that were there. */
  readonly atRest: ReadonlyMap<number, ReadonlySet<number>>;
  /** Row of a read at rest of each such model. */
  readonly atRestRow: ReadonlyMap<number, number>;
}

/** Collects them. Linear in the elements of all reads. */
export function versionFacts(history: History): VersionFacts {
  const versions = new Map<string, number>();
  const atRest = new Map<number, Set<number>>();
  const atRestRow = new Map<number, number>();
  const added: { row: number; key: number; element: number }[] = [];
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== typeCode.ok || (history.process[row] ?? -1) < 0) continue;
    const f = history.functions[history.f[row] ?? 0];
    for (let mop = history.mopStart[row] ?? 0; mop < (history.mopStart[row + 1] ?? 0); mop++) {
      const key = history.mopKey[mop] ?? 0;
      const value = history.mopValue[mop] ?? 0;
      if (history.mopKind[mop] === mopKindCode.add) {
        added.push({ row, key, element: value });
        const own = member(history.data.get(row), "version");
        if (typeof own === "number") versions.set(`${key} ${value}`, own);
      } else if (history.mopKind[mop] === mopKindCode.rs && history.mopShape[mop] === shapeCode.list) {
        const items = history.listItems.subarray(history.listFrom[value], history.listTo[value]);
        const isAtRest = f === "read-at-rest";
        noteVersions(versions, history, { row, key, items, isAtRest });
        if (!isAtRest) continue;
        const there = atRest.get(key) ?? new Set();
        items.forEach((element) => there.add(element));
        atRest.set(key, there);
        atRestRow.set(key, row);
      }
    }
  }
  const registrations = added.map((one) => ({
    ...one,
    version: versions.get(`${one.key} ${one.element}`) ?? null,
  }));
  return { registrations, atRest, atRestRow };
}

interface VersionedRead {
  readonly row: number;
  readonly key: number;
  readonly items: Uint32Array;
  readonly isAtRest: boolean;
}

/** The versions a read shows beside its elements. What the table holds at rest overrides what was said before. */
function noteVersions(versions: Map<string, number>, history: History, read: VersionedRead): void {
  const name = history.keys[read.key];
  const shown = member(member(history.data.get(read.row), "versions"), typeof name === "string" ? name : "");
  if (!Array.isArray(shown)) return;
  read.items.forEach((element, i) => {
    const version = (shown as readonly Json[])[i];
    const id = `${read.key} ${element}`;
    if (typeof version === "number" && (read.isAtRest || !versions.has(id))) versions.set(id, version);
  });
}
