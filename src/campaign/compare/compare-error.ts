/** What was saved of a comparison cannot be used. The message is one sentence for the user and says what to do. */
export class CompareError extends Error {
  override readonly name = "CompareError";
}
