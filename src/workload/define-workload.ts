import { domainCheckers } from "../checkers/domain/domain-checkers.ts";
import { anomalyNames, lookUp } from "../checkers/explain/known-names.ts";
import { ownInvariants } from "./invariant.ts";
import { completed, type WorkloadDefinition } from "./workload-definition.ts";
import { WorkloadError } from "./workload-error.ts";
import type { Variant, Workload } from "./workload.ts";

export { WorkloadError };

/**
 * The one way to make a workload: checks what types cannot, and hands the definition back with everything in it
 * that it left out. A whole workload may be handed in again.
 *
 * @throws WorkloadError when a name is unusable, a variant or a check is missing or a default is out of bounds.
 */
export function defineWorkload(definition: WorkloadDefinition): Workload {
  checkParts(definition);
  const workload = completed(definition);
  checkChecks(workload);
  for (const [name, variant] of Object.entries(workload.variants))
    checkVariant(workload, `${workload.name}:${name}`, variant);
  checkNumbers(workload);
  return workload;
}

/** What types say, for files whose types nobody has checked. */
function checkParts(definition: WorkloadDefinition): void {
  checkName("workload", definition.name);
  const { name } = definition;
  for (const part of ["schema", "generator", "setup", "atRest"] as const) {
    const isOptional = part === "setup" || part === "atRest";
    if (definition[part] === undefined && isOptional) continue;
    if (typeof definition[part] !== "function") missing(name, part, "a function");
  }
  if (typeof definition.variants !== "object") missing(name, "variants", "an object");
  if (Object.keys(definition.variants).length === 0)
    throw new WorkloadError(`workload ${name} needs at least one variant`);
  for (const part of ["parameters", "operations"] as const)
    if (typeof (definition[part] ?? {}) !== "object") missing(name, part, "an object");
  if (!Array.isArray(definition.checks ?? [])) missing(name, "checks", "a list");
  for (const [variantName, { operations, expect = [] }] of Object.entries(definition.variants)) {
    checkName(`variant of ${name}`, variantName);
    if (typeof operations !== "object" || !Array.isArray(expect))
      throw new WorkloadError(
        `variant ${name}:${variantName} needs operations (an object) and expect (a list)`,
      );
  }
}

function checkVariant(workload: Workload, name: string, variant: Variant): void {
  for (const [f, { invoke, run }] of Object.entries(variant.operations))
    if (typeof invoke !== "function" || typeof run !== "function")
      throw new WorkloadError(`operation "${f}" of ${name} needs to be a function, or { invoke, run }`);
  if (variant.retry !== undefined && !(variant.retry.attempts >= 1))
    throw new WorkloadError(`variant ${name} must allow at least one attempt`);
  const own = ownInvariants(workload).map((one) => one.name);
  for (const { must = [], never = [] } of variant.expect)
    for (const anomaly of [...must, ...never])
      if (!anomalyNames.includes(anomaly) && !own.includes(anomaly))
        throw new WorkloadError(
          `variant ${name} expects "${anomaly}", which is neither an anomaly (see isolab list anomalies) nor an invariant of ${workload.name}`,
        );
}

/** Names of checks stand in histories and verdicts, beside those of isolab's own. */
function checkChecks(workload: Workload): void {
  const names = new Set<string>();
  for (const check of workload.checks) {
    const name = typeof check === "string" ? check : check.name;
    if (typeof check === "string") {
      if (!domainCheckers.has(name))
        throw new WorkloadError(
          `workload ${workload.name} asks for the check "${name}": isolab has ${[...domainCheckers.keys()].join(", ")}, and others are made with invariant({ … })`,
        );
    } else {
      checkName(`invariant of ${workload.name}`, name);
      if (typeof check.breaches !== "function")
        missing(workload.name, "checks", "names, and invariant({ … })");
      if (domainCheckers.has(name) || lookUp(name)?.kind === "anomaly")
        throw new WorkloadError(
          `invariant of ${workload.name}: "${name}" is a ${domainCheckers.has(name) ? "check" : "name of an anomaly"} of isolab's own; choose another name`,
        );
    }
    if (names.has(name)) throw new WorkloadError(`workload ${workload.name} has two checks named "${name}"`);
    names.add(name);
  }
}

function checkNumbers({ name: workload, parameters, contention }: Workload): void {
  for (const [name, { default: value, min, max }] of Object.entries(parameters)) {
    if (!(Number.isFinite(value) && min <= value && value <= max)) {
      throw new WorkloadError(
        `parameter ${name} of ${workload}: default ${value} is not within ${min}…${max}`,
      );
    }
  }
  for (const [name, value] of Object.entries({ ...contention?.low, ...contention?.high })) {
    const parameter = parameters[name];
    if (parameter === undefined || value < parameter.min || value > parameter.max) {
      throw new WorkloadError(
        `contention of ${workload} sets ${name} to ${value}: no such parameter, or out of bounds`,
      );
    }
  }
}

function missing(workload: string, part: string, what: string): never {
  throw new WorkloadError(`workload ${workload} needs ${part}: ${what}`);
}

function checkName(what: string, name: string): void {
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new WorkloadError(`${what}: the name "${name}" must be lower-case letters, digits and dashes`);
  }
}
