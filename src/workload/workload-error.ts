/** A workload definition is not usable; the message says which part and why. */
export class WorkloadError extends Error {
  override readonly name = "WorkloadError";
}
