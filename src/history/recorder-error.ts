/**
 * The history cannot be recorded: no disk, no permission, or the file exists. The message is one
 * sentence for the user and says what to do; what was recorded before is on disk and loads.
 */
export class RecorderError extends Error {
  override readonly name = "RecorderError";
  /** The system's word, e.g. `ENOSPC`; undefined for a recorder that is closed. */
  readonly code: string | undefined;

  constructor(message: string, code?: string, original?: unknown) {
    super(message, original === undefined ? undefined : { cause: original });
    this.code = code;
  }
}

/** The error for a failed system call on a history file. */
export function recorderError(path: string, recorded: number, original: unknown): RecorderError {
  const found = original instanceof Error && "code" in original ? original.code : undefined;
  const code = typeof found === "string" ? found : undefined;
  const reason =
    reasons[code ?? ""] ?? `writing failed (${code ?? String(original)}); check the disk it is on`;
  const kept = recorded === 0 ? "" : `; the ${recorded} operations before are saved`;
  return new RecorderError(`${path}: ${reason}${kept}`, code, original);
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; make room or record elsewhere with --out",
  EDQUOT: "the disk quota is used up; make room or record elsewhere with --out",
  EFBIG: "the file has reached the size limit of this system; record a shorter run",
  EIO: "the disk reports an error; record elsewhere with --out",
  EROFS: "the disk is read-only; record elsewhere with --out",
  EACCES: "writing there is not permitted; record elsewhere with --out",
  EPERM: "writing there is not permitted; record elsewhere with --out",
  EEXIST: "a history is there already and is never overwritten; choose another directory with --out",
  ENOENT: "its directory does not exist; create it first",
  ENOTDIR: "a part of the path is no directory; check the path",
};
