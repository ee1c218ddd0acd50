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
  for (const part of ["schema", "setup", "generator", "atRest"] as const) {
    if (typeof workload[part] !== "function") missing(workload, part, "a function");
  }
  for (const part of ["parameters", "variants", "checks"] as const) {
    if (typeof workload[part] !== "object")
      missing(workload, part, part === "checks" ? "a list" : "an object");
  }
  if (Object.keys(workload.variants).length === 0) {
    throw new WorkloadError(`workload ${workload.name} needs at least one variant`);
  }
  for (const [name, variant] of Object.entries(workload.variants)) {
    checkName(`variant of ${workload.name}`, name);
    if (typeof variant.operations !== "object" || !Array.isArray(variant.expect)) {
      throw new WorkloadError(
        `variant ${workload.name}:${name} needs operations (an object) and expect (a list)`,
      );
    }
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
  for (const [name, value] of Object.entries({ ...workload.contention?.low, ...workload.contention?.high })) {
    const parameter = workload.parameters[name];
    if (parameter === undefined || value < parameter.min || value > parameter.max) {
      throw new WorkloadError(
        `contention of ${workload.name} sets ${name} to ${value}: no such parameter, or out of bounds`,
      );
    }
  }
  return workload;
}

function missing(workload: Workload, part: string, what: string): never {
  throw new WorkloadError(`workload ${workload.name} needs ${part}: ${what}`);
}

function checkName(what: string, name: string): void {
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new WorkloadError(`${what}: the name "${name}" must be lower-case letters, digits and dashes`);
  }
}
