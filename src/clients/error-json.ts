/**
 * An error for JSON, with what people are to read of it. Test runners take it from `toJSON` too (vitest, from 3.2): without
 * one they print every property that an error has, those that are not enumerable included.
 */
export function errorJson({ name, message, stack }: Error): object {
  return { name, message, stack };
}
