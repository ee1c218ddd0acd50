import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Clock } from "../../clock/clock.ts";
import { EnvironmentError } from "../database-error.ts";
import type { Command } from "./launched.ts";
import { findPrograms } from "./mysql-binaries.ts";
import { claimDirectory, type PrivateDirectory } from "./private-directory.ts";
import { runTool } from "./run-tool.ts";
import { serve } from "./serve.ts";
import type { Server, ServerOptions } from "./server.ts";
import { settingOptions } from "./settings.ts";
import { withSmallDisk } from "./small-disk.ts";

/** Which of the two servers it has to be. */
export interface MysqlChoice {
  /** Without it a MySQL on the machine is taken before a MariaDB. */
  readonly insist?: "mariadb";
  /** The server programs to choose from; by default those on the PATH and in the usual folders. */
  readonly programs?: readonly string[];
}

/**
 * Starts the MySQL or MariaDB server that is installed on this machine, in a data directory of its own, and
 * answers when it accepts connections. As root it runs as `nobody`. About 2 s and 110 MB of disk.
 * `innodb_lock_wait_timeout` is left as the server has it.
 *
 * @param token a secret nobody can guess, letters and digits: root's password, since other users of this
 * machine can reach a loopback port
 * @throws EnvironmentError when there is none or it does not start; nothing is left behind
 */
export async function startMysql(
  options: ServerOptions,
  clock: Clock,
  token: string,
  choice: MysqlChoice = {},
): Promise<Server> {
  const settings = settingOptions(defaultSettings(options), options, owned);
  let directory = await claimDirectory("mysql", clock);
  try {
    if (options.diskMb !== undefined)
      directory = await withSmallDisk(directory, "data", options.diskMb, clock);
    const command = (program: string, ...args: string[]): Command => ({
      program,
      args: ["--no-defaults", ...args],
      cwd: directory.path,
      account: directory.account,
    });
    const { program, kind } = await chooseProgram(choice, (file) => command(file, "--version"), clock);
    const places = [`--datadir=${join(directory.path, "data")}`];
    await createData(kind, program, (tool, args) => command(tool, ...places, ...args), clock);
    places.push(...placesIn(directory), `--init-file=${writeAccounts(directory, token)}`);
    return await serve(
      {
        kind,
        product: kind === "mariadb" ? "MariaDB" : "MySQL",
        command: (port) => command(program, ...places, ...settings, `--port=${port}`),
        url: (port) => `mysql://root:${token}@127.0.0.1:${port}`,
        isReady: (_pid, log) => log.lines.some((line) => line.includes("ready for connections")),
        stopSignal: "SIGTERM",
      },
      directory,
      clock,
    );
  } catch (error) {
    await directory.release();
    throw error;
  }
}

const owned: readonly string[] = [
  "port",
  "bind_address",
  "datadir",
  "socket",
  "pid_file",
  "init_file",
  "log_error",
  "silent_startup",
  "networking",
  "grant_tables",
  "user",
];

/**
 * Commits are written to the system's cache also in the fast settings, so that killing the server loses
 * none: only the waits for the disk are left out.
 */
function defaultSettings({ durable = false, diskMb }: ServerOptions): Record<string, string> {
  return {
    "bind-address": "127.0.0.1",
    "skip-name-resolve": "ON",
    "character-set-server": "utf8mb4",
    "default-time-zone": "+00:00",
    "disable-log-bin": "ON",
    "innodb-buffer-pool-size": "64M",
    "loose-innodb-log-file-size": "16M",
    "innodb-flush-log-at-trx-commit": durable ? "1" : "2",
    // Asynchronous requests are a scarce good in containers, and it does without.
    "loose-innodb-use-native-aio": "OFF",
    "loose-mysqlx": "OFF",
    // The system tablespace grows by 64M otherwise, which is the better part of a small disk.
    ...(diskMb === undefined ? {} : { "innodb-autoextend-increment": "8" }),
  };
}

interface Program {
  readonly program: string;
  readonly kind: "mysql" | "mariadb";
}

async function chooseProgram(
  { insist, programs }: MysqlChoice,
  version: (file: string) => Command,
  clock: Clock,
): Promise<Program> {
  const found: Program[] = [];
  for (const program of programs ?? findPrograms(["mariadbd", "mysqld"])) {
    const lines = await runTool(version(program), `The version of ${program}`, clock);
    found.push({ program, kind: lines.some((line) => /mariadb/i.test(line)) ? "mariadb" : "mysql" });
  }
  const chosen =
    (insist === undefined ? found.find(({ kind }) => kind === "mysql") : undefined) ??
    found.find(({ kind }) => kind === "mariadb");
  if (chosen !== undefined) return chosen;
  const what =
    insist === "mariadb" ? "MariaDB server (mariadbd)" : "MySQL or MariaDB server (mysqld, mariadbd)";
  throw new EnvironmentError(
    `No ${what} was found on this machine: install one, e.g. with \`apt-get install mariadb-server\`, or name a server of yours with --url mysql://….`,
  );
}

async function createData(
  kind: Program["kind"],
  program: string,
  command: (program: string, args: string[]) => Command,
  clock: Clock,
): Promise<void> {
  const purpose = `The data directory of ${kind === "mariadb" ? "MariaDB" : "MySQL"}`;
  if (kind === "mysql") {
    await runTool(command(program, ["--initialize-insecure"]), purpose, clock);
    return;
  }
  const [tool] = findPrograms(["mariadb-install-db", "mysql_install_db"]);
  if (tool === undefined)
    throw new EnvironmentError(
      `MariaDB is installed without mariadb-install-db: install the whole server, e.g. with \`apt-get install mariadb-server\`.`,
    );
  const args = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"];
  await runTool(command(tool, args), purpose, clock);
}

function placesIn({ path }: PrivateDirectory): string[] {
  return [`--socket=${join(path, "socket")}`, `--pid-file=${join(path, "pid")}`];
}

/** Statements for every start: root from this machine, with the password, and nobody else. */
function writeAccounts({ path }: PrivateDirectory, token: string): string {
  const file = join(path, "accounts.sql");
  const statements = [
    "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1'",
    `ALTER USER 'root'@'127.0.0.1' IDENTIFIED BY '${token}'`,
    "GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION",
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${token}'`,
    "DROP USER IF EXISTS 'root'@'::1'",
  ];
  // Readable for the server's account; the directory above is closed to all others.
  writeFileSync(file, statements.map((statement) => `${statement};\n`).join(""), { mode: 0o644 });
  return file;
}
