import { existsSync } from "node:fs";

import type { FullConfig } from "../workload/config.ts";
import { loadModule } from "./load-module.ts";
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
  const module = await loadModule(file, `the config ${file}`);
  if (module.default === undefined)
    throw new UsageError(`the config ${file} must export defineConfig({ … }) as default`);
  return { file, config: fullConfig(module.default) };
}
