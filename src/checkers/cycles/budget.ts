/**
 * A limit on search, counted in edges looked at, so that the same history stops at the same place on
 * every machine.
 */
export class Budget {
  readonly #limit: number;
  #spent = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get spent(): number {
    return this.#spent;
  }

  get exhausted(): boolean {
    return this.#spent >= this.#limit;
  }

  spend(steps: number): void {
    this.#spent += steps;
  }
}
