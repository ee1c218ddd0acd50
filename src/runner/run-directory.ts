import {
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

import { EnvironmentError } from "../clients/database-error.ts";

/** The files of a run, by role. Each is made from those before it. */
export const runFiles = {
  plan: "plan.json",
  schedule: "schedule.json",
  history: "history.jsonl",
  verdict: "verdict.json",
  lockWaits: "lock-waits.json",
  command: "command.json",
  report: "report.html",
} as const;

/** What a comparison of variants leaves beside its runs. */
export const benchFiles = { result: "bench.json", page: "bench.html" } as const;

/** What a matrix of cells leaves: what was asked, its page, and in each finished cell's run directory the cell. */
export const compareFiles = { asked: "compare.json", page: "compare.html", cell: "cell.json" } as const;

/** Any of these shows that a directory is taken. */
const taken = [...Object.values(runFiles), benchFiles.result, compareFiles.asked];

/**
 * Makes the directory of one run, or of several, which must not hold a run or a comparison already.
 *
 * @returns its path, as given
 * @throws EnvironmentError with one sentence when it cannot be made (permission, disk full, in use)
 */
export function createRunDirectory(path: string): string {
  try {
    makeDirectory(path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
  if (taken.some((name) => existsSync(join(path, name)))) {
    throw new EnvironmentError(`cannot write ${path}: it holds a run already; choose another --out`);
  }
  return path;
}

/** Removes a run directory that nothing was written to. */
export function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It is not empty, or was never made.
  }
}

/** Names a run directory after a moment (UTC): `20260131-235959`. */
export function runStamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}

/** Writes one of the run's files, whole or not at all. @throws EnvironmentError */
export function writeRunFile(directory: string, name: string, text: string): void {
  const path = join(directory, name);
  const partial = `${path}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw cannotWrite(path, error);
  }
}

/** Copies a run directory with all that is in it. @throws EnvironmentError */
export function copyRun(from: string, to: string): void {
  try {
    cpSync(from, to, { recursive: true, errorOnExist: true, force: false });
  } catch (error) {
    throw cannotWrite(to, error);
  }
}

/** Points `latest` beside the directory at it. Best effort: not every file system has links. */
export function linkLatest(directory: string): void {
  const link = join(dirname(directory), "latest");
  try {
    rmSync(link, { force: true });
    symlinkSync(basename(directory), link);
  } catch {
    // A run without the convenience link is still a run.
  }
}

/** Parents included. One level at a time: the recursive form reports a read-only file system as ENOENT. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
}

function cannotWrite(path: string, error: unknown): EnvironmentError {
  return new EnvironmentError(`cannot write ${path}: ${reason(error)}`, { cause: error });
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  switch (code) {
    case "EEXIST":
      return "a file is in the way; choose another --out";
    case "EACCES":
    case "EPERM":
      return "permission denied; choose another --out";
    case "EROFS":
      return "the file system is read-only; choose another --out";
    case "ENOSPC":
      return "the disk is full";
    case "ENOTDIR":
      return "a part of the path is a file";
    default:
      return code;
  }
}
