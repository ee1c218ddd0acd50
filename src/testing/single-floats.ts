/** Decimal digits that tell a 32-bit float from every other. */
const mostDigits = 9;

/**
 * Whether two numbers may be one 32-bit float but for rounding: 0.9 and 0.90000004. A number of more digits than tell such
 * a float is none. Of a whole number less is put down to rounding.
 */
export function areOneSingle(one: number, other: number): boolean {
  const fractions = [one, other].filter((number) => !Number.isInteger(number)).length;
  if (fractions === 0 || ![one, other].every(isShort)) return one === other;
  const tolerance = fractions === 2 ? 1e-6 : 2.5e-7;
  return Math.abs(one - other) <= tolerance * Math.max(Math.abs(one), Math.abs(other));
}

function isShort(number: number): boolean {
  const [digits = ""] = String(Math.abs(number)).split("e");
  return Number.isFinite(number) && digits.replace(".", "").replace(/^0+/, "").length <= mostDigits;
}
