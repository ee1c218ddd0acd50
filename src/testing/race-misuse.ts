/** A race cannot be held as it was asked for. The message is one sentence that says what to do. */
export class RaceMisuse extends Error {
  override readonly name = "RaceMisuse";
}
