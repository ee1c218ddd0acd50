import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why small disks cannot be mounted here; undefined where they can. Found out once, by trying. */
export function whyNoMount(): string | undefined {
  if (process.getuid?.() !== 0) return "only root may mount a tmpfs";
  const folder = mkdtempSync(join(tmpdir(), "isolab-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "isolab-try", folder], { stdio: "pipe" });
    execFileSync("umount", [folder], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `a tmpfs cannot be mounted here: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmdirSync(folder);
  }
}

/** The places below a folder on which something is mounted. */
export function mountsBelow(folder: string): readonly string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((place) => place.startsWith(folder));
}
