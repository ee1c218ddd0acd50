import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A temporary folder of one test, which must be empty again when its servers are gone. */
export interface Sandbox {
  readonly path: string;
  /** Private directories in it, and processes that work in it or name it on their command line. */
  leftovers(): readonly string[];
  /** Waits until nothing is left; answers what still is after the bound. */
  emptied(boundMs?: number): Promise<readonly string[]>;
  remove(): void;
}

/** Short, and open to the account that servers run as. Linux only: it reads /proc. */
export function createSandbox(): Sandbox {
  const path = mkdtempSync("/tmp/isolab-test-");
  chmodSync(path, 0o1777);
  const leftovers = (): readonly string[] => [...readdirSync(path), ...processesOf(path)];
  return {
    path,
    leftovers,
    emptied: async (boundMs = 20_000) => {
      const deadline = Date.now() + boundMs;
      while (leftovers().length > 0 && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 50));
      return leftovers();
    },
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Processes by `pid command`, this one left out. */
export function processesOf(path: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(join("/proc", pid, "cmdline"), "utf8").replaceAll("\0", " ");
        const isThere = readlinkSync(join("/proc", pid, "cwd")).startsWith(path) || command.includes(path);
        return isThere ? [`${pid} ${command.slice(0, 200)}`] : [];
      } catch {
        return [];
      }
    });
}
