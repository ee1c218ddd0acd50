import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { compareFiles, writeRunFile } from "../../runner/run-directory.ts";
import { isCount, isObject } from "../../scheduler/json-problem.ts";
import { CompareError } from "./compare-error.ts";

/** The version of `compare.json` that this code writes, under the key `isolab-compare`. */
const compareFormat = 1;

/** One of several equal parts of a matrix: cell k (from 0) belongs to shard `1 + k mod of`. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** A server as far as it may be written down: of a user's own only which SQL it speaks. */
export type AskedServer = { readonly db: string } | { readonly url: "postgres" | "mysql" };

/** The values of flags, as typed. */
export type AskedFlags = Readonly<Record<string, string | boolean | readonly string[]>>;

/** What was asked of a comparison: the content of `compare.json`. No URL and no password is in it. */
export interface CompareAsked {
  /** Given or drawn. */
  readonly seed: string;
  readonly servers: readonly AskedServer[];
  /** What decides the cells and how they run, by the flags' names. */
  readonly flags: AskedFlags;
  /** The names of all cells in order, those of other shards included. */
  readonly cells: readonly string[];
  readonly shard: Shard | null;
  /** The file that the matrix goes to as Markdown, too. */
  readonly markdown: string | null;
}

/** The cells that are a shard's to run, in order: round robin, so that each shard has some of everything. */
export function inShard<T>(cells: readonly T[], shard: Shard | null): readonly T[] {
  return shard === null ? cells : cells.filter((_, number) => number % shard.of === shard.index - 1);
}

/** Writes `compare.json`. @throws EnvironmentError */
export function writeAsked(directory: string, asked: CompareAsked): void {
  const text = JSON.stringify({ "isolab-compare": compareFormat, ...asked }, null, 2);
  writeRunFile(directory, compareFiles.asked, `${text}\n`);
}

/**
 * What was asked of the comparison in a directory.
 * @throws CompareError when it holds none, or its `compare.json` is not what isolab writes
 */
export function readAsked(directory: string): CompareAsked {
  const path = join(directory, compareFiles.asked);
  if (!existsSync(path))
    throw new CompareError(
      `${directory} holds no comparison: give the directory of an isolab compare, with ${compareFiles.asked} in it`,
    );
  let saved: unknown;
  try {
    saved = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CompareError(`${path} cannot be read as JSON: run the comparison anew`, { cause: error });
  }
  if (isObject(saved) && saved["isolab-compare"] !== compareFormat)
    throw new CompareError(
      `${path} is of version ${JSON.stringify(saved["isolab-compare"])}, and this isolab reads version ${compareFormat}: use the isolab that wrote it`,
    );
  if (!isAsked(saved)) throw new CompareError(`${path} is not what isolab writes: run the comparison anew`);
  const { seed, servers, flags, cells, shard, markdown } = saved;
  return { seed, servers, flags, cells, shard, markdown };
}

function isAsked(saved: unknown): saved is CompareAsked {
  if (!isObject(saved)) return false;
  const { seed, servers, flags, cells, shard, markdown } = saved;
  return (
    typeof seed === "string" &&
    Array.isArray(servers) &&
    servers.every(isServer) &&
    isObject(flags) &&
    Object.values(flags).every(
      (value) => typeof value === "string" || typeof value === "boolean" || isNames(value),
    ) &&
    isNames(cells) &&
    // A name becomes a path.
    cells.every((name) => /^[\w-]+$/.test(name)) &&
    (shard === null || isShard(shard)) &&
    (markdown === null || typeof markdown === "string")
  );
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isServer(value: unknown): value is AskedServer {
  return (
    isObject(value) && (typeof value.db === "string" || value.url === "postgres" || value.url === "mysql")
  );
}

function isShard(value: unknown): value is Shard {
  return (
    isObject(value) &&
    isCount(value.index) &&
    isCount(value.of) &&
    value.index >= 1 &&
    value.index <= value.of
  );
}
