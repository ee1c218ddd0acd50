import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

import { EnvironmentError } from "../../clients/database-error.ts";
import { databaseKinds, isolationLevels } from "../../history/header.ts";
import { compareFiles, writeRunFile } from "../../runner/run-directory.ts";
import { isCount, isObject } from "../../scheduler/json-problem.ts";
import type { Cell } from "./cell.ts";
import { CompareError } from "./compare-error.ts";

/** Writes `cell.json` into a cell's run directory: the mark of a finished cell. @throws EnvironmentError */
export function writeCell({ run, ...cell }: Cell): void {
  writeRunFile(run, compareFiles.cell, `${JSON.stringify(cell, null, 2)}\n`);
}

/**
 * The finished cell in a run directory; undefined when it is not finished or there is none.
 * @throws CompareError when its `cell.json` is not what isolab writes, or is of another cell
 */
export function readCell(run: string): Cell | undefined {
  const path = join(run, compareFiles.cell);
  if (!existsSync(path)) return undefined;
  let saved: unknown;
  try {
    saved = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw malformed(path, "cannot be read as JSON", error);
  }
  const wrong = wrongField(saved);
  if (wrong !== undefined) throw malformed(path, `has no proper "${wrong}"`);
  const cell = saved as Omit<Cell, "run">;
  if (cell.name !== basename(run)) throw malformed(path, `is of another cell, ${JSON.stringify(cell.name)}`);
  return { ...cell, run };
}

/**
 * Removes what an interruption left of these cells. Nothing else in the directory is touched.
 * @throws EnvironmentError when that is not permitted
 */
export function removeUnfinished(directory: string, names: readonly string[]): void {
  for (const name of names) {
    const run = join(directory, name);
    if (existsSync(join(run, compareFiles.cell))) continue;
    try {
      rmSync(run, { recursive: true, force: true });
    } catch (error) {
      const { code = "it failed" } = error as NodeJS.ErrnoException;
      throw new EnvironmentError(`cannot remove ${run}, which is to be made anew: ${code}`, { cause: error });
    }
  }
}

const isName = (value: unknown): boolean => typeof value === "string";
const isNames = (value: unknown): boolean => Array.isArray(value) && value.every(isName);
const areCounts = (value: unknown): boolean =>
  isObject(value) && isCount(value.ok) && isCount(value.fail) && isCount(value.info) && isObject(value.byF);

const fields: Readonly<Record<Exclude<keyof Cell, "run">, (value: unknown) => boolean>> = {
  name: isName,
  server: isCount,
  source: isName,
  database: (value) => databaseKinds.some((kind) => kind === value),
  version: isName,
  isolation: (value) => isolationLevels.some((level) => level === value),
  workload: isName,
  variant: isName,
  valid: (value) => value === true || value === false || value === "unknown",
  model: isName,
  anomalyTypes: isNames,
  observed: isNames,
  figures: (value) => isObject(value) && Object.values(value).every(areFigures),
  forbidden: isNames,
  allowedUnseen: isNames,
  counts: areCounts,
  declared: (value) => isObject(value) && isNames(value.unseen) && isNames(value.forbidden),
  because: (value) => value === undefined || isName(value),
};

function areFigures(value: unknown): boolean {
  return (
    isObject(value) &&
    isCount(value.cases) &&
    typeof value.more === "boolean" &&
    isCount(value.operations) &&
    (value.first === null || isCount(value.first))
  );
}

/** The first field that is not what it should be. */
function wrongField(saved: unknown): string | undefined {
  if (!isObject(saved)) return "name";
  return Object.entries(fields).find(([name, isRight]) => !isRight(saved[name]))?.[0];
}

function malformed(path: string, what: string, cause?: unknown): CompareError {
  return new CompareError(
    `${path} ${what}: remove its directory, and the cell is run again with --resume`,
    cause === undefined ? undefined : { cause },
  );
}
