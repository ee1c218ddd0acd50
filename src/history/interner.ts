import { HistoryError } from "./history-error.ts";
import { canonicalJson, findJsonProblem, showValue } from "./json-value.ts";
import type { Json } from "./operation.ts";

/** Integers from 0 to below this are looked up in an array instead of a map. */
const smallLimit = 1 << 22;

/**
 * Numbers JSON values from 0 in order of first appearance. Values that are equal as JSON get one
 * number: 1 and "1" differ, the order of object members does not matter. Constant time for numbers
 * and strings; the size of the value otherwise.
 */
export class Interner {
  readonly values: Json[] = [];
  /** By small integer: its number plus one, 0 for not seen. */
  #small: Uint32Array = new Uint32Array(256);
  readonly #numbers = new Map<number, number>();
  readonly #strings = new Map<string, number>();
  readonly #others = new Map<string, number>();

  /** @throws HistoryError for what is no JSON or no exact number. */
  intern(value: Json): number {
    if (typeof value === "number") return this.#internNumber(value);
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

  #internNumber(value: number): number {
    if (value >= 0 && value < smallLimit && Number.isInteger(value)) {
      const known = this.#small[value] ?? 0;
      return known !== 0 ? known - 1 : this.#addSmall(value);
    }
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    refuseUnsafe(value);
    this.#numbers.set(value, this.values.length);
    return this.values.push(value) - 1;
  }

  #addSmall(value: number): number {
    if (value >= this.#small.length) {
      let capacity = this.#small.length;
      while (capacity <= value) capacity *= 2;
      const larger = new Uint32Array(capacity);
      larger.set(this.#small);
      this.#small = larger;
    }
    // Adding 0 makes minus zero the zero that JSON would make of it.
    const number = this.values.push(value + 0);
    this.#small[value] = number;
    return number - 1;
  }
}

function refuseUnsafe(value: Json): void {
  const problem = findJsonProblem(value);
  if (problem === null) return;
  throw new HistoryError(
    `expected keys and values to hold ${problem.expected}, got ${showValue(problem.got)}`,
  );
}
