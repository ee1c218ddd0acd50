import { spawn, type ChildProcessByStdio } from "node:child_process";
import { realpathSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import type { Readable, Writable } from "node:stream";

import type { Clock } from "../../clock/clock.ts";
import { EnvironmentError } from "../database-error.ts";
import { serverAccount, type Account } from "./account.ts";
import { guardScript } from "./guard.ts";
import { isReachable } from "./reachable.ts";
import { late, within } from "./within.ts";

/** A directory of mode 700 that is removed, with every process that works in it, when our process ends. */
export interface PrivateDirectory {
  readonly path: string;
  /** Whom it belongs to, and whom its programs must run as; undefined for ourselves. */
  readonly account: Account | undefined;
  /** Ends every process that still works in it and removes it. Idempotent. */
  release(): Promise<void>;
}

/** Unix socket paths end at 107 bytes on Linux and 103 on macOS, file name included. */
const longestFolder = 60;
const guardStartMs = 20_000;
const releaseMs = 20_000;

/**
 * Makes a directory below the system's temporary folder, and starts the guard that removes it when
 * we end in whatever way; see {@link guardScript}.
 * @param word part of its name, e.g. `postgres`
 * @throws EnvironmentError when it cannot be made
 */
export async function claimDirectory(word: string, clock: Clock): Promise<PrivateDirectory> {
  const account = serverAccount();
  const folder = temporaryFolder(account);
  const guard = startGuard(folder, word, account);
  const gone = new Promise<string>((resolve) => {
    guard.once("error", (error) => {
      resolve(error.message);
    });
    guard.once("exit", () => {
      resolve("ended");
    });
  });
  const path = await within(
    Promise.race([firstLine(guard.stdout), gone.then(() => "")]),
    guardStartMs,
    clock,
  );
  if (path === late || path === "") {
    guard.stdin.destroy();
    const cause = new Error(path === late ? "the guard said nothing" : `the guard: ${await gone}`);
    throw new EnvironmentError(
      `No private directory could be made below ${folder}: see that it exists, has room and may be written, or set TMPDIR.`,
      { cause },
    );
  }
  let released: Promise<void> | undefined;
  return {
    path,
    account,
    release: () =>
      (released ??= (async () => {
        guard.stdin.end("done\n");
        await within(gone, releaseMs, clock);
        // For the case that somebody killed the guard.
        rmSync(path, { recursive: true, force: true });
      })()),
  };
}

type Guard = ChildProcessByStdio<Writable, Readable, null>;

function startGuard(folder: string, word: string, account: Account | undefined): Guard {
  const guard = spawn("/bin/sh", ["-c", guardScript, "isolab-guard", folder, word], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    ...account,
  });
  guard.unref();
  // Writing to a guard that was killed must not end us.
  guard.stdin.on("error", () => undefined);
  for (const stream of [guard.stdin, guard.stdout]) if (stream instanceof Socket) stream.unref();
  return guard;
}

function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });
}

function temporaryFolder(account: Account | undefined): string {
  const folders = [tmpdir(), "/tmp", "/var/tmp"].flatMap((folder) => {
    try {
      return [realpathSync(folder)];
    } catch {
      return [];
    }
  });
  return (
    folders.find((folder) => folder.length <= longestFolder && isReachable(folder, account, 0o3)) ??
    folders[0] ??
    "/tmp"
  );
}
