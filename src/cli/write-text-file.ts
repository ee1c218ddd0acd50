import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { EnvironmentError } from "../clients/database-error.ts";

/** Writes a file that the user named, its folders included. @throws EnvironmentError */
export function writeTextFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new EnvironmentError(`cannot write ${path}: ${code}`, { cause: error });
  }
}
