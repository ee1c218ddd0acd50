/** The user asked for something that is not to be had; the message is one sentence. Exit code 254. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
