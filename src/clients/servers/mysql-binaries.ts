import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Where package managers put server programs, beside the PATH. */
const folders: readonly string[] = [
  "/usr/sbin",
  "/usr/libexec",
  "/usr/bin",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/local/libexec",
  "/usr/local/mysql/bin",
  "/usr/local/mysql/scripts",
  "/usr/lib/mysql/bin",
  "/opt/homebrew/bin",
  "/opt/homebrew/opt/mariadb/bin",
  "/opt/homebrew/opt/mysql/bin",
  "/usr/local/opt/mariadb/bin",
  "/usr/local/opt/mysql/bin",
];

/** All programs of these names that may be executed, in the order of the names, then of PATH and the usual folders. */
export function findPrograms(names: readonly string[]): readonly string[] {
  const path = (process.env.PATH ?? "").split(":").filter((folder) => folder.startsWith("/"));
  const candidates = names.flatMap((name) => [...path, ...folders].map((folder) => join(folder, name)));
  return [...new Set(candidates)].filter((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
