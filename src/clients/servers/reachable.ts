import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";

import type { Account } from "./account.ts";

/**
 * Whether the account may pass through a folder and everything above it. A checkout below `/root`
 * usually may not. For ourselves (no account) the system is asked; for another account the mode bits
 * are read, with no regard to access lists.
 */
export function isReachable(folder: string, account: Account | undefined): boolean {
  if (account === undefined) return mayPass(folder);
  const parent = dirname(folder);
  return allows(folder, account, 0o1) && (parent === folder || isReachable(parent, account));
}

/**
 * Whether the mode bits of a file or folder grant the account what is asked for.
 * @param bits any of 4 (read), 2 (write), 1 (execute or pass through)
 */
export function allows(path: string, account: Account, bits: number): boolean {
  try {
    const { mode, uid, gid } = statSync(path);
    const granted = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
    return (granted & bits) === bits;
  } catch {
    return false;
  }
}

function mayPass(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
