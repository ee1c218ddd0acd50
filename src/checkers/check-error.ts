/** A check was asked for that does not exist. The message is one sentence and names the choices. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}
