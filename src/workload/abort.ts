/**
 * Thrown by a transaction body that decides not to commit, with the reason as a cause word
 * (`insufficient-funds`). The transaction is rolled back and the operation recorded as `fail`.
 */
export class Abort extends Error {
  override readonly name = "Abort";
  readonly reason: string;

  constructor(reason: string) {
    super(`the transaction gave up: ${reason}`);
    this.reason = reason;
  }
}
