import { existsSync } from "node:fs";
import { join } from "node:path";

import { runStamp } from "../runner/run-directory.ts";

/** Where run directories go when the user names none. */
const runs = "runs";

/** The directory the user asked for, or a fresh `runs/<stamp>`. Nothing is created. */
export function newRunDirectory(out: string | undefined, now: Date): string {
  if (out !== undefined) return out;
  const stamp = runStamp(now);
  for (let number = 1; ; number++) {
    const path = join(runs, number === 1 ? stamp : `${stamp}-${number}`);
    if (!existsSync(path)) return path;
  }
}
