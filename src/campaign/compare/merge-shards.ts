import { readdirSync } from "node:fs";
import { join } from "node:path";

import type { Cell } from "./cell.ts";
import { type CompareAsked, readAsked } from "./compare-asked.ts";
import { CompareError } from "./compare-error.ts";
import { readCell } from "./saved-cells.ts";

/** The whole matrix, put together from its parts. */
export interface Merged {
  /** What was asked of all shards together. */
  readonly asked: CompareAsked;
  /** Each cell once, in the order of the request. */
  readonly cells: readonly Cell[];
}

/**
 * Joins the shards of one comparison.
 *
 * @param directories of comparisons, in any order
 * @throws CompareError when they were not asked for the same, or a cell is missing, there twice or none of theirs
 */
export function mergeShards(directories: readonly string[]): Merged {
  const shards = directories.map((directory) => ({ directory, asked: readAsked(directory) }));
  const [first] = shards;
  if (first === undefined) throw new CompareError("name the directories to be merged");
  for (const { directory, asked } of shards) {
    const differing = firstDifference(first.asked, asked);
    if (differing !== undefined)
      throw new CompareError(
        `${directory} and ${first.directory} were not asked for the same: they differ in ${differing}`,
      );
  }
  const wanted = new Set(first.asked.cells);
  const found = new Map<string, readonly Cell[]>();
  const foreign: string[] = [];
  for (const { directory } of shards)
    for (const name of readdirSync(directory)) {
      const cell = readCell(join(directory, name));
      if (cell === undefined) continue;
      if (wanted.has(name)) found.set(name, [...(found.get(name) ?? []), cell]);
      else foreign.push(join(directory, name));
    }
  refuseIncomplete(first.asked.cells, found, foreign);
  return {
    asked: { ...first.asked, shard: null, markdown: null },
    cells: first.asked.cells.flatMap((name) => found.get(name) ?? []),
  };
}

function refuseIncomplete(
  wanted: readonly string[],
  found: ReadonlyMap<string, readonly Cell[]>,
  foreign: readonly string[],
): void {
  const missing = wanted.filter((name) => !found.has(name));
  const double = wanted.filter((name) => (found.get(name)?.length ?? 0) > 1);
  const complaints = [
    ...complaint(missing, "missing", "cell"),
    ...complaint(double, "there more than once", "cell"),
    ...complaint(foreign, "not part of the comparison", "other cell"),
  ];
  if (complaints.length > 0) throw new CompareError(`these shards make no whole: ${complaints.join("; ")}`);
}

/** A bound: how many names a sentence lists. */
const mostNames = 5;

function complaint(names: readonly string[], what: string, noun: string): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
  return [
    `${names.length} ${noun}${names.length === 1 ? "" : "s"} ${what} (${names.slice(0, mostNames).join(", ")}${more})`,
  ];
}

/** What two requests differ in, but for which shard of it each is. */
function firstDifference(one: CompareAsked, other: CompareAsked): string | undefined {
  if (one.seed !== other.seed) return `--seed (${one.seed} and ${other.seed})`;
  for (const name of new Set([...Object.keys(one.flags), ...Object.keys(other.flags)]))
    if (JSON.stringify(one.flags[name]) !== JSON.stringify(other.flags[name])) return `--${name}`;
  if (JSON.stringify(one.servers) !== JSON.stringify(other.servers)) return "their servers";
  if (one.shard?.of !== other.shard?.of) return "--shard";
  return JSON.stringify(one.cells) === JSON.stringify(other.cells) ? undefined : "their cells";
}
