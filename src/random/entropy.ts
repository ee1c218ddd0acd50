import { randomBytes } from "node:crypto";

/** A seed nobody chose: a decimal number below 2^32, short enough to retype. */
export function freshSeed(): string {
  return String(randomBytes(4).readUInt32BE(0));
}

/** A name part that no other run has: lower-case hexadecimal. Never enters a history. */
export function freshToken(bytes = 4): string {
  return randomBytes(bytes).toString("hex");
}
