import { open, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Clock } from "../../clock/clock.ts";
import { EnvironmentError } from "../database-error.ts";
import { startGuard } from "./guard-process.ts";
import type { PrivateDirectory } from "./private-directory.ts";
import { killAll } from "./processes.ts";
import type { Disk } from "./server.ts";

/**
 * A size in mebibytes that serves both databases. An empty PostgreSQL takes 40 of them, and its log grows by 16 more;
 * an empty MariaDB takes 45, after more than 100 while its data directory is made.
 */
export const smallDiskMb = 192;

/**
 * Mounts a file system in memory (tmpfs) on a folder of the private directory, empty and owned by the directory's
 * account. It is unmounted before the directory is removed, and however we end: a guard of its own, which is root
 * as we are, does it when the processes that use it are gone.
 *
 * @param name of the folder, which must not be there
 * @param sizeMb in mebibytes
 * @throws EnvironmentError when we may not mount; the directory is left as it is
 */
export async function withSmallDisk(
  directory: PrivateDirectory,
  name: string,
  sizeMb: number,
  clock: Clock,
): Promise<PrivateDirectory> {
  if (process.getuid?.() !== 0) throw refusal("that takes root");
  const folder = join(directory.path, name);
  const { uid, gid } = directory.account ?? { uid: 0, gid: 0 };
  const guard = startGuard(
    diskGuardScript,
    [folder, `size=${sizeMb}m,mode=0700,uid=${uid},gid=${gid}`],
    undefined,
    clock,
  );
  const said = await guard.firstLine.catch((error: unknown) => {
    throw refusal(error instanceof Error ? error.message : String(error));
  });
  if (said !== "mounted") throw refusal(said);
  return {
    ...directory,
    disk: diskIn(folder, directory),
    release: async () => {
      killAll(directory.path, 0);
      await guard.dismiss();
      await directory.release();
    },
  };
}

function refusal(why: string): EnvironmentError {
  return new EnvironmentError(
    `No small file system could be mounted for the throw-away server (${why}): run isolab as root where it may mount a tmpfs, or leave out what needs a full disk.`,
  );
}

/**
 * Arguments: the folder to make and mount on, and the options. It prints `mounted`, or why not, waits for the end
 * of its standard input, and unmounts. It waits until nobody uses the file system: the directory's guard knows the
 * server's processes by a path that a detached file system no longer has. After twenty seconds it detaches it all
 * the same.
 */
const diskGuardScript = `
trap '' HUP INT QUIT TERM TSTP TTIN TTOU PIPE
dir=$1
if ! said=$(mkdir "$dir" 2>&1 && mount -t tmpfs -o "$2" isolab "$dir" 2>&1); then
  printf '%s\\n' "\${said:-mount failed}"
  rmdir "$dir"
  exit 1
fi
echo mounted
exec >/dev/null 2>&1
word=
read -r word
tries=0
until umount "$dir"; do
  tries=$((tries + 1))
  if [ $tries = 200 ]; then umount -l "$dir"; break; fi
  sleep 0.1
done
rmdir "$dir"
# The directory's guard may have had to leave it, since this was mounted in it.
[ "$word" = done ] || rmdir "\${dir%/*}"
`;

const ballastName = "isolab-ballast";
const pieceBytes = 1 << 20;

/** The ballast belongs to the server's account, so that its guard and a recovery may do with it as with the rest. */
function diskIn(folder: string, { account }: PrivateDirectory): Disk {
  const path = join(folder, ballastName);
  return {
    fill: async () => {
      const ballast = await open(path, "a", 0o600);
      try {
        if (account !== undefined) await ballast.chown(account.uid, account.gid);
        const piece = new Uint8Array(pieceBytes);
        // A write that finds less room than it needs takes what there is.
        for (;;) await ballast.write(piece);
      } catch (error) {
        if (!isFull(error)) throw error;
      } finally {
        await ballast.close();
      }
    },
    free: () => rm(path, { force: true }),
  };
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}
