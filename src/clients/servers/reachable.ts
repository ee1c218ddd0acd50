import { accessSync, statSync } from "node:fs";
import { dirname } from "node:path";

import type { Account } from "./account.ts";

/**
 * Whether the account has the given rights to a file or folder and may pass through every folder
 * above it. A checkout below `/root` usually fails. For ourselves (no account) the system is asked; for
 * another account the mode bits are read, with no regard to access lists.
 * @param bits any of 4 (read), 2 (write), 1 (execute or pass through)
 */
export function isReachable(path: string, account: Account | undefined, bits: number): boolean {
  if (account === undefined) return weMay(path, bits);
  if (!modeAllows(path, account, bits)) return false;
  const parent = dirname(path);
  return parent === path || isReachable(parent, account, 0o1);
}

function modeAllows(path: string, account: Account, bits: number): boolean {
  try {
    const { mode, uid, gid } = statSync(path);
    const granted = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
    return (granted & bits) === bits;
  } catch {
    return false;
  }
}

function weMay(path: string, bits: number): boolean {
  try {
    accessSync(path, bits);
    return true;
  } catch {
    return false;
  }
}
