/** Errors of the servers, the drivers and pools that only other sessions, or a lost connection, can bring about. */
const codes = new Set([
  "40001",
  "40P01",
  "55P03",
  "53300",
  "57P01",
  "57P02",
  "57P03",
  "ER_LOCK_DEADLOCK",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_CHECKREAD",
  "ER_CON_COUNT_ERROR",
  "PROTOCOL_CONNECTION_LOST",
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "P2028",
  "P2034",
]);
const words =
  /deadlock|could not serialize|lock wait timeout|timed? ?out|connection (?:terminated|lost|is closed)/i;
const deepest = 5;

/**
 * Whether a function threw what it cannot throw when it runs alone: the serial run was not undisturbed, and proves
 * nothing. Looks into what the error was caused by; mappers keep it under different names.
 */
export function wasDisturbed(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > deepest) return false;
  const { name, code, message, cause, original, parent, driverError } = error as Readonly<
    Record<string, unknown>
  >;
  if (typeof code === "string" && (codes.has(code) || code.startsWith("08"))) return true;
  if ([name, message].some((text) => typeof text === "string" && words.test(text))) return true;
  return [cause, original, parent, driverError].some((inner) => wasDisturbed(inner, depth + 1));
}
