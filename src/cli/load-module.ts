import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { UsageError } from "./usage-error.ts";

/**
 * Loads a file of the user's, TypeScript on every Node, whose `import … from "isolab"` is the running copy.
 *
 * @param what names it in the message, e.g. `the config x.ts`
 * @throws UsageError when it cannot be loaded
 */
export async function loadModule(file: string, what: string): Promise<{ readonly default?: unknown }> {
  const path = resolve(file);
  const [{ createJiti }, isolab] = await Promise.all([import("jiti"), import("../index.ts")]);
  const jiti = createJiti(pathToFileURL(path).href, { virtualModules: { isolab }, fsCache: false });
  try {
    return await jiti.import<{ default?: unknown }>(path);
  } catch (error) {
    throw new UsageError(`${what} cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
}

/** In one line, with the place of what is no TypeScript; without the files that asked for one that is missing. */
function reasonOf(error: unknown): string {
  const [text = ""] = (error instanceof Error ? error.message : String(error)).split("\nRequire stack:");
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}
