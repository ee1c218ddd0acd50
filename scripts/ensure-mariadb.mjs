// Makes sure that a MariaDB or MySQL server program is on this machine: the tests need one. As root on a
// machine with apt-get it installs one; elsewhere it says what to install and exits with 3. No service is
// started: the tests start servers of their own.
import { existsSync, rmSync, writeFileSync } from "node:fs";

import { aptGet, canInstall, fail, program } from "./apt-get.mjs";

const policyFile = "/usr/sbin/policy-rc.d";
const installation = ["install", "-y", "--no-install-recommends", "mariadb-server"];
const instead = "install a MariaDB server by hand";

if (serverProgram() === undefined) ensure();

function ensure() {
  if (!canInstall())
    fail(
      "The tests need a MariaDB or MySQL server program (mariadbd or mysqld) and none was found: install one, e.g. with `sudo apt-get install mariadb-server`.",
    );
  console.error("No mariadbd found: installing the package mariadb-server with apt-get.");
  withoutServices(() => {
    aptGet(["update"], instead);
    aptGet(installation, instead);
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

function serverProgram() {
  return program("mariadbd") ?? program("mysqld");
}
