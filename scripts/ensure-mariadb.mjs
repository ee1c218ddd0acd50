// Makes sure that a MariaDB or MySQL server program is on this machine: the tests need one. As root on a
// machine with apt-get it installs one; elsewhere it says what to install and exits with 3. No service is
// started: the tests start servers of their own.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const policyFile = "/usr/sbin/policy-rc.d";
const installation = ["install", "-y", "--no-install-recommends", "mariadb-server"];

if (serverProgram() === undefined) ensure();

function ensure() {
  if (process.getuid?.() !== 0 || program("apt-get") === undefined) {
    console.error(
      "The tests need a MariaDB or MySQL server program (mariadbd or mysqld) and none was found: install one, e.g. with `sudo apt-get install mariadb-server`.",
    );
    process.exit(3);
  }
  console.error("No mariadbd found: installing the package mariadb-server with apt-get.");
  withoutServices(() => {
    aptGet(["update"]);
    aptGet(installation);
  });
  if (serverProgram() === undefined) fail("apt-get installed mariadb-server, but mariadbd is still missing.");
}

/** Debian starts what it installs unless this script forbids it. One that is already there is respected. */
function withoutServices(install) {
  const ours = !existsSync(policyFile);
  if (ours) writeFileSync(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  const tidy = () => {
    if (ours) rmSync(policyFile, { force: true });
  };
  process.on("exit", tidy);
  install();
  tidy();
}

function aptGet(args) {
  const result = spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  fail(
    `\`apt-get ${args.join(" ")}\` failed: install a MariaDB server by hand and run the tests again.\n` +
      `${result.error?.message ?? ""}${result.stdout}${result.stderr}`.trimEnd(),
  );
}

function fail(message) {
  console.error(message);
  process.exit(3);
}

function serverProgram() {
  return program("mariadbd") ?? program("mysqld");
}

function program(name) {
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
