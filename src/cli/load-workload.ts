import { existsSync, readdirSync } from "node:fs";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import type { Variant, Workload } from "../workload/workload.ts";
import { defineWorkload } from "../workload/define-workload.ts";
import { loadModule } from "./load-module.ts";
import { UsageError } from "./usage-error.ts";

/** A workload and one of its variants, as named on the command line. */
export interface ChosenWorkload {
  /** The name or path that was given, without the variant. */
  readonly source: string;
  readonly workload: Workload;
  readonly variantName: string;
  readonly variant: Variant;
}

/** The folder of the workloads that come with isolab, beside the running copy's `src`. */
const folder = new URL("../../workloads/", import.meta.url);
/** `.ts` when isolab runs from source, `.js` when built. */
const extension = extname(fileURLToPath(import.meta.url));

/** Names of the workloads that come with isolab, sorted. */
export function builtInWorkloads(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.endsWith(".d.ts"))
    .map((file) => file.slice(0, -extension.length))
    .sort();
}

/**
 * Loads `NAME[:VARIANT]` or `./file.ts[:VARIANT]`. A file of the user's may be TypeScript on every
 * Node, and its `import … from "isolab"` is the running copy.
 *
 * @returns the chosen variant, or all of them when none is named
 * @throws UsageError when there is no such workload or variant, or the file does not hold one
 */
export async function loadWorkload(spec: string): Promise<readonly ChosenWorkload[]> {
  const { source, variantName } = split(spec);
  const workload = await (isPath(source) ? loadFile(source) : loadBuiltIn(source));
  const names = variantName === undefined ? Object.keys(workload.variants) : [variantName];
  return names.map((name) => {
    const variant = workload.variants[name];
    if (variant === undefined) {
      const known = Object.keys(workload.variants).join(", ");
      throw new UsageError(`workload ${workload.name} has no variant "${name}"; it has ${known}`);
    }
    return { source, workload, variantName: name, variant };
  });
}

async function loadBuiltIn(name: string): Promise<Workload> {
  if (!builtInWorkloads().includes(name)) {
    const known = builtInWorkloads().join(", ");
    throw new UsageError(`there is no workload "${name}"; isolab has ${known}, or give a file: ./${name}.ts`);
  }
  const module = (await import(new URL(`${name}${extension}`, folder).href)) as { default: Workload };
  return module.default;
}

async function loadFile(path: string): Promise<Workload> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no workload file ${path}`);
  const module = (await loadModule(file, `the workload file ${path}`)) as { readonly default?: Workload };
  if (typeof module.default?.variants !== "object") {
    throw new UsageError(`the workload file ${path} must export defineWorkload({ … }) as default`);
  }
  return defineWorkload(module.default);
}

/** Whether a workload is named by where its file is. */
export function isPath(source: string): boolean {
  return source.startsWith(".") || source.startsWith("/") || /\.[cm]?[jt]s$/.test(source);
}

function split(spec: string): { readonly source: string; readonly variantName: string | undefined } {
  const at = spec.lastIndexOf(":");
  if (at < 2) return { source: spec, variantName: undefined };
  return { source: spec.slice(0, at), variantName: spec.slice(at + 1) };
}
