/**
 * A value of a result as it came: the application may change the object that it is given. Undefined, that is not told,
 * for what cannot be copied. What is no object is its own copy.
 */
export function ownCopy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return new Date(value.getTime());
  // It may be a small part of a large buffer, which a structured clone copies whole.
  if (value instanceof Uint8Array) return new Uint8Array(value);
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}
