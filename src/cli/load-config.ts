import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import type { FullConfig } from "../workload/config.ts";
import { UsageError } from "./usage-error.ts";

/** Where a config is looked for when none is named. */
const usual = ["isolab.config.ts", "isolab.config.mts", "isolab.config.js", "isolab.config.mjs"];

/**
 * Loads the config, TypeScript on every Node, with `isolab` resolving to the running copy.
 *
 * @param path as it was given; the usual names in the working directory when undefined
 * @throws UsageError, WorkloadError with one sentence
 */
export async function loadConfig(
  path: string | undefined,
): Promise<{ readonly file: string; readonly config: FullConfig }> {
  const file = path ?? usual.find((name) => existsSync(name));
  if (file === undefined)
    throw new UsageError(
      `there is no ${usual[0] ?? ""} here: isolab init writes one, or name it with --config`,
    );
  if (!existsSync(file)) throw new UsageError(`there is no config at ${file}`);
  const { fullConfig } = await import("../workload/config.ts");
  const [{ createJiti }, isolab] = await Promise.all([import("jiti"), import("../index.ts")]);
  const full = resolve(file);
  const jiti = createJiti(pathToFileURL(full).href, { virtualModules: { isolab }, fsCache: false });
  let module: { default?: unknown };
  try {
    module = await jiti.import<{ default?: unknown }>(full);
  } catch (error) {
    const [text = ""] = (error instanceof Error ? error.message : String(error)).split("\nRequire stack:");
    const reason = text.trim().replaceAll(/\s*\n\s*/g, " ");
    throw new UsageError(`the config ${file} cannot be loaded: ${reason}`, { cause: error });
  }
  if (module.default === undefined)
    throw new UsageError(`the config ${file} must export defineConfig({ … }) as default`);
  return { file, config: fullConfig(module.default) };
}
