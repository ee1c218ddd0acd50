import { HistoryError } from "./history-error.ts";
import { canonicalJson, findJsonProblem, showValue } from "./json-value.ts";
import { absent, NumberTable } from "./number-table.ts";
import type { Json } from "./operation.ts";

/**
 * Numbers JSON values from 0 in order of first appearance. Values that are equal as JSON get one
 * number: 1 and "1" differ, the order of object members does not matter. Constant time for numbers
 * and strings; the size of the value otherwise.
 */
export class Interner {
  readonly values: Json[] = [];
  readonly #numbers = new NumberTable();
  readonly #strings = new Map<string, number>();
  readonly #others = new Map<string, number>();

  /** @throws HistoryError for what is no JSON or no exact number. */
  intern(value: Json): number {
    if (typeof value === "number") return this.internNumber(value);
    if (typeof value === "string") {
      const known = this.#strings.get(value);
      if (known !== undefined) return known;
      this.#strings.set(value, this.values.length);
      return this.values.push(value) - 1;
    }
    refuseUnsafe(value);
    const canonical = canonicalJson(value);
    const known = this.#others.get(canonical);
    if (known !== undefined) return known;
    this.#others.set(canonical, this.values.length);
    return this.values.push(value) - 1;
  }

  /** The same for a number. */
  internNumber(value: number): number {
    const known = this.#numbers.get(value);
    if (known !== absent) return known;
    refuseUnsafe(value);
    this.#numbers.add(value, this.values.length);
    // Adding 0 makes minus zero the zero that JSON would make of it.
    return this.values.push(value + 0) - 1;
  }

  /** What {@link internNumber} would answer, or -1 for a number that it was never given. */
  findNumber(value: number): number {
    return this.#numbers.get(value);
  }
}

function refuseUnsafe(value: Json): void {
  const problem = findJsonProblem(value);
  if (problem === null) return;
  throw new HistoryError(
    `expected keys and values to hold ${problem.expected}, got ${showValue(problem.got)}`,
  );
}
