import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** One of the package's entries: the name it is imported by, and the built files it is. */
export interface Entry {
  readonly specifier: string;
  readonly types: string;
  readonly code: string;
}

/**
 * Every entry that package.json exports, but itself.
 * @throws Error when they are not built.
 */
export function entries(): readonly Entry[] {
  const { exports } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as {
    exports: Record<string, string | { types: string; default: string }>;
  };
  return Object.entries(exports).flatMap(([path, files]) => {
    if (typeof files === "string") return [];
    const entry = {
      specifier: `isolab${path.slice(1)}`,
      types: resolve(root, files.types),
      code: resolve(root, files.default),
    };
    if (!existsSync(entry.types)) throw new Error("the package is not built: npm run build");
    return [entry];
  });
}
