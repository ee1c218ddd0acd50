// What the scripts share that make sure that a program is on this machine.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Whether packages can be installed: as root, where there is apt-get. */
export function canInstall() {
  return process.getuid?.() === 0 && program("apt-get") !== undefined;
}

/** Runs apt-get; where it fails, says so with what to do instead, and exits. */
export function aptGet(args, instead) {
  const result = spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  fail(
    `\`apt-get ${args.join(" ")}\` failed: ${instead} and run the tests again.\n` +
      `${result.error?.message ?? ""}${result.stdout}${result.stderr}`.trimEnd(),
  );
}

/** Exits as where the environment is at fault. */
export function fail(message) {
  console.error(message);
  process.exit(3);
}

/** The path of a program, or undefined. */
export function program(name) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/libexec", "/usr/local/sbin"];
  return folders
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
