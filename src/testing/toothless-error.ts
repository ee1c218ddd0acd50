import type { Weakening } from "./weaken.ts";

/** A test that stays green when the code under test is weakened on purpose. The message says what it did not notice. */
export class ToothlessError extends Error {
  override readonly name = "ToothlessError";
  readonly weakenings: readonly Weakening[];

  constructor(message: string, weakenings: readonly Weakening[]) {
    super(message);
    this.weakenings = weakenings;
  }
}
