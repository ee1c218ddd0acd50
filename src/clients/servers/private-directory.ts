import { realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

import type { Clock } from "../../clock/clock.ts";
import { EnvironmentError } from "../database-error.ts";
import { serverAccount, type Account } from "./account.ts";
import { guardScript } from "./guard.ts";
import { startGuard } from "./guard-process.ts";
import { isReachable } from "./reachable.ts";
import type { Disk } from "./server.ts";

/** A directory of mode 700 that is removed, with every process that works in it, when our process ends. */
export interface PrivateDirectory {
  readonly path: string;
  /** Whom it belongs to, and whom its programs must run as; undefined for ourselves. */
  readonly account: Account | undefined;
  /** The small file system in it, if there is one. */
  readonly disk?: Disk;
  /** Ends every process that still works in it and removes it. Idempotent. */
  release(): Promise<void>;
}

/** Unix socket paths end at 107 bytes on Linux and 103 on macOS, file name included. */
const longestFolder = 60;

/**
 * Makes a directory below the system's temporary folder, and starts the guard that removes it when
 * we end in whatever way; see {@link guardScript}.
 * @param word part of its name, e.g. `postgres`
 * @throws EnvironmentError when it cannot be made
 */
export async function claimDirectory(word: string, clock: Clock): Promise<PrivateDirectory> {
  const account = serverAccount();
  const folder = temporaryFolder(account);
  const guard = startGuard(guardScript, [folder, word], account, clock);
  const path = await guard.firstLine.catch((cause: unknown) => {
    throw new EnvironmentError(
      `No private directory could be made below ${folder}: see that it exists, has room and may be written, or set TMPDIR.`,
      { cause },
    );
  });
  let released: Promise<void> | undefined;
  return {
    path,
    account,
    release: () =>
      (released ??= (async () => {
        await guard.dismiss();
        // For the case that somebody killed the guard.
        rmSync(path, { recursive: true, force: true });
      })()),
  };
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
