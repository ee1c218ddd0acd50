import type { Json } from "../history/operation.ts";

/**
 * Thrown by a transaction body that decides not to commit, with the reason as a cause word
 * (`insufficient-funds`). The transaction is rolled back and the operation recorded as `fail`.
 */
export class Abort extends Error {
  override readonly name = "Abort";
  readonly reason: string;
  /** What the workload's own checker needs to know of the attempt; recorded as its `data`. */
  readonly data: Json | undefined;

  constructor(reason: string, data?: Json) {
    super(`the transaction gave up: ${reason}`);
    this.reason = reason;
    this.data = data;
  }
}
