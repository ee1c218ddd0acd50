import type { Operation, Process } from "./operation.ts";

/** What is wrong with an operation; see {@link validator}. */
export interface ValidationProblem {
  /** "expected …, got …" */
  readonly sentence: string;
  /** False where the operation may be kept all the same, with a warning. */
  readonly fatal: boolean;
}

/** Looks at operations in order and answers what is wrong with one, or null. */
export type Validator = (operation: Operation) => ValidationProblem | null;

/**
 * Checks that a history is well-formed: indices increase; a process invokes only when it has nothing
 * open; a completion has the f of its invocation. For histories of our own (`own`) also: no completion
 * without an invocation, and no numbered process acts after its operation ended in `info`. Others'
 * histories may hold completions only and reuse a process after `info`, and a second open operation
 * is no fatal problem there; named processes (the nemesis) may always report with a lone `info`.
 * Memory: one entry per process.
 */
export function validator(own: boolean): Validator {
  const open = new Map<Process, Operation>();
  const overlapping = new Set<Process>();
  const crashed = new Set<Process>();
  let last = -1;
  const fatal = (sentence: string): ValidationProblem => ({ sentence, fatal: true });

  function invoke(operation: Operation): ValidationProblem | null {
    const { process } = operation;
    const earlier = open.get(process);
    open.set(process, operation);
    if (earlier === undefined) return null;
    overlapping.add(process);
    const sentence = `expected process ${process} to complete its operation ${earlier.index} first, got another invoke`;
    return { sentence, fatal: own };
  }

  function complete({ process, type, f }: Operation): ValidationProblem | null {
    const invocation = open.get(process);
    open.delete(process);
    if (own && type === "info" && typeof process === "number") crashed.add(process);
    if (invocation === undefined) {
      if (!own || typeof process === "string") return null;
      return fatal(
        `expected process ${process} to have invoked something, got ${type} without an invocation`,
      );
    }
    if (invocation.f === f || overlapping.has(process)) return null;
    const expected = `process ${process} to complete ${invocation.f} (operation ${invocation.index})`;
    return fatal(`expected ${expected}, got ${type} of ${f}`);
  }

  return (operation) => {
    const { index, process, type, f } = operation;
    if (index <= last) return fatal(`expected an index above ${last}, got ${index}`);
    last = index;
    if (crashed.has(process)) {
      const expected = `process ${process} to stay silent after its operation ended in info`;
      return fatal(`expected ${expected}, got ${type} of ${f}`);
    }
    return type === "invoke" ? invoke(operation) : complete(operation);
  };
}
