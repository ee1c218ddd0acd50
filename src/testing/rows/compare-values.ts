import { areOneSingle } from "../single-floats.ts";

/**
 * Whether two values of one column are surely different. They may have come through parsers of different connections:
 * what these could have told in two ways is not different (a number and the same digits as a string, a time, a 32-bit float
 * with more digits or fewer).
 */
export function surelyDiffer(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return false;
  if (one === null || other === null) return one !== other;
  if (isNumeric(one) && isNumeric(other)) return numbersDiffer(one, other);
  if (typeof one === "boolean" && typeof other === "boolean") return one !== other;
  if (one instanceof Uint8Array && other instanceof Uint8Array) return !Buffer.from(one).equals(other);
  if (Array.isArray(one) && Array.isArray(other))
    return (
      one.length !== other.length || one.some((item: unknown, i) => surelyDiffer(item, other[i] as unknown))
    );
  if (isPlain(one) && isPlain(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].some(
      (name) => !(name in one) || !(name in other) || surelyDiffer(one[name], other[name]),
    );
  }
  return false;
}

type Numeric = number | bigint | string;

function isNumeric(value: unknown): value is Numeric {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "string";
}

function numbersDiffer(one: Numeric, other: Numeric): boolean {
  if (typeof one === "number" && typeof other === "number" && areOneSingle(one, other)) return false;
  if (typeof one === typeof other) return one !== other && !(Number.isNaN(one) && Number.isNaN(other));
  if (String(one) === String(other)) return false;
  const [left, right] = [asNumber(one), asNumber(other)];
  return left !== undefined && right !== undefined && left !== right && !areOneSingle(left, right);
}

/** Digits as the number that a driver may make of them, which is not always exact. */
function asNumber(value: Numeric): number | undefined {
  const isText = typeof value === "string" && !/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value);
  return isText ? undefined : Number(value);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date) && !(value instanceof Uint8Array);
}
