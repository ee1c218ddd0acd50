/** Decimal digits that tell a 32-bit float from every other. */
const mostDigits = 9;

/** Four units in the last place of a 32-bit float: what sums of a few of them in another order differ by. */
const tolerance = 2.5e-7;

/**
 * Whether two numbers may be one 32-bit float but for rounding: 0.9 and 0.90000004. A number of more digits than tell such
 * a float is none, and what both are whole hundredths of is an amount of money.
 */
export function areOneSingle(one: number, other: number): boolean {
  const numbers = [one, other];
  if (numbers.every(isAmount) || !numbers.every(isShort)) return one === other;
  return Math.abs(one - other) <= tolerance * Math.max(Math.abs(one), Math.abs(other));
}

function isAmount(number: number): boolean {
  return /^-?\d+(?:\.\d{1,2})?$/.test(String(number));
}

function isShort(number: number): boolean {
  const [digits = ""] = String(Math.abs(number)).split("e");
  return Number.isFinite(number) && digits.replace(".", "").replace(/^0+/, "").length <= mostDigits;
}
