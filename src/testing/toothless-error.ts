import { errorJson } from "../clients/error-json.ts";
import type { Weakening } from "./weaken.ts";

/** A test that stays green when the code under test is weakened on purpose. The message says what it did not notice. */
export class ToothlessError extends Error {
  override readonly name = "ToothlessError";
  /** What was tried. Not enumerable: the message says it. */
  declare readonly weakenings: readonly Weakening[];

  constructor(message: string, weakenings: readonly Weakening[]) {
    super(message);
    Object.defineProperty(this, "weakenings", { value: weakenings });
  }

  /** Without `weakenings`. */
  toJSON(): object {
    return errorJson(this);
  }
}
