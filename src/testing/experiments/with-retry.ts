/** Attempts at a function before its error is final. */
const attempts = 5;

/** A function that is run again when the database has refused its transaction for the sake of another one. */
export function withRetry(run: () => unknown): () => unknown {
  return async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run();
      } catch (error) {
        if (attempt === attempts || !isRefusal(error)) throw error;
      }
    }
  };
}

/**
 * Serialization failures and deadlocks: SQLSTATE 40001 and 40P01, errno 1213 and 1020, wherever an ORM has put them.
 */
export function isRefusal(error: unknown): boolean {
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 5; depth++) {
    const { code, errno, cause, original, parent, driverError, meta } = at as Record<string, unknown>;
    if (["40001", "40P01", "ER_LOCK_DEADLOCK", "ER_CHECKREAD", "P2034"].includes(String(code))) return true;
    if (errno === 1213 || errno === 1020) return true;
    if (typeof meta === "object" && meta !== null && (meta as { code?: unknown }).code === "40001")
      return true;
    at = cause ?? original ?? parent ?? driverError;
  }
  return false;
}
