import type { Workload } from "./workload.ts";

/** A workload definition is not usable; the message says which part and why. */
export class WorkloadError extends Error {
  override readonly name = "WorkloadError";
}

/**
 * The one way to make a workload: checks what types cannot, and hands the definition back.
 *
 * @throws WorkloadError when a name is unusable, a variant is missing or a default is out of bounds.
 */
export function defineWorkload(workload: Workload): Workload {
  checkName("workload", workload.name);
  if (Object.keys(workload.variants).length === 0) {
    throw new WorkloadError(`workload ${workload.name} needs at least one variant`);
  }
  for (const [name, variant] of Object.entries(workload.variants)) {
    checkName(`variant of ${workload.name}`, name);
    if (variant.retry !== undefined && !(variant.retry.attempts >= 1)) {
      throw new WorkloadError(`variant ${workload.name}:${name} must allow at least one attempt`);
    }
  }
  for (const [name, { default: value, min, max }] of Object.entries(workload.parameters)) {
    if (!(Number.isFinite(value) && min <= value && value <= max)) {
      throw new WorkloadError(
        `parameter ${name} of ${workload.name}: default ${value} is not within ${min}…${max}`,
      );
    }
  }
  return workload;
}

function checkName(what: string, name: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new WorkloadError(`${what}: the name "${name}" must be lower-case letters, digits and dashes`);
  }
}
