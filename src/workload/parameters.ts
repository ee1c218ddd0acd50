import type { Parameters, Workload } from "./workload.ts";
import { WorkloadError } from "./define-workload.ts";

/**
 * The workload's parameters with the user's settings put in.
 *
 * @param given name and value as typed, e.g. `["models", "5"]`
 * @throws WorkloadError with one sentence when a name is unknown or a value out of bounds
 */
export function parametersFor(workload: Workload, given: readonly (readonly [string, string])[]): Parameters {
  const known = workload.parameters;
  const values = Object.fromEntries(
    Object.entries(known).map(([name, parameter]) => [name, parameter.default]),
  );
  for (const [name, text] of given) {
    const parameter = known[name];
    if (parameter === undefined) {
      const names = Object.keys(known).join(", ");
      throw new WorkloadError(
        `workload ${workload.name} has no parameter "${name}"; it has ${names || "none"}`,
      );
    }
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < parameter.min || value > parameter.max) {
      throw new WorkloadError(
        `parameter ${name} must be a number from ${parameter.min} to ${parameter.max}, got "${text}"`,
      );
    }
    if (!Number.isInteger(value) && parameter.fractional !== true) {
      throw new WorkloadError(`parameter ${name} must be a whole number, got "${text}"`);
    }
    values[name] = value;
  }
  return values;
}
