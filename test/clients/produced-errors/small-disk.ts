import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own that everybody may write to and that is soon full. */
export interface SmallDisk {
  readonly path: string;
  release(): void;
}

/**
 * Mounts 8 MB of memory (tmpfs).
 * @throws when this machine or this user may not mount
 */
export function smallDisk(): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "isolab-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m,mode=1777", "tmpfs", path], { stdio: "pipe" });
    chmodSync(path, 0o1777);
  } catch (error) {
    rmdirSync(path);
    throw error;
  }
  return {
    path,
    release: () => {
      // Lazily, for a server may still have a file open.
      execFileSync("umount", ["--lazy", path], { stdio: "pipe" });
      rmdirSync(path);
    },
  };
}

/** Why there is no small disk to be had, as one sentence; undefined where there is. */
export function noSmallDisk(): string | undefined {
  try {
    smallDisk().release();
    return undefined;
  } catch {
    return "A full disk is not tried: this user may not mount a tmpfs.";
  }
}
