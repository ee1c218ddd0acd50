import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** So many hexadecimal digits: 64 bits. */
const length = 16;

/**
 * What two histories have in common that are the same but for their first lines, which tell the server's
 * version and settings: the beginning of the SHA-256 of all other lines.
 */
export function historyDigest(path: string): string {
  const bytes = readFileSync(path);
  const operations = bytes.subarray(bytes.indexOf("\n") + 1);
  return createHash("sha256").update(operations).digest("hex").slice(0, length);
}
