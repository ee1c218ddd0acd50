import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { createRunDirectory, runStamp } from "../runner/run-directory.ts";
import { UsageError } from "./usage-error.ts";

/** Where run directories go when the user names none. */
const runs = "runs";

/**
 * Makes the directory the user asked for, or a fresh `runs/<stamp>` that no other run has.
 *
 * @throws UsageError when the name is empty; EnvironmentError when it cannot be made or holds a run
 */
export function newRunDirectory(out: string | undefined, now: Date): string {
  if (out === "") throw new UsageError("--out names no directory");
  if (out !== undefined) return createRunDirectory(out);
  createRunDirectory(runs);
  const stamp = runStamp(now);
  for (let number = 1; ; number++) {
    const path = join(runs, number === 1 ? stamp : `${stamp}-${number}`);
    if (isNew(path)) return path;
  }
}

/** Making it is the claim: of two runs in the same second only one succeeds. */
function isNew(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    // Says in a sentence why not.
    createRunDirectory(path);
    return true;
  }
}
