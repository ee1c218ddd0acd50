import { readFileSync } from "node:fs";

/** Whom a server runs as, when that is not ourselves. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The unprivileged account for servers when we are root, which both PostgreSQL and MariaDB refuse to
 * run as: the system's `nobody`, since initdb wants an account that has a name. Undefined when we are
 * an ordinary user: then servers run as we do.
 */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return nobody() ?? { uid: 65534, gid: 65534 };
}

function nobody(): Account | undefined {
  let passwd: string;
  try {
    passwd = readFileSync("/etc/passwd", "utf8");
  } catch {
    return undefined;
  }
  const fields = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === "nobody");
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  // macOS writes nobody as -2.
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}
