import type { HistoryColumns } from "./history-columns.ts";
import { typeCode } from "./history.ts";
import type { Operation } from "./operation.ts";
import { processProblem } from "./process-table.ts";

/** What is wrong with an operation; see {@link validate}. */
export interface ValidationProblem {
  /** "expected …, got …" */
  readonly sentence: string;
  /** False where the operation may be kept all the same, with a warning. */
  readonly fatal: boolean;
}

/**
 * Whether an operation may come next in a history that is well-formed so far, or what is wrong: indices
 * increase; a process invokes only when it has nothing open; a completion has the f of its invocation.
 * For histories of our own (`own`) also: no completion without an invocation, and no numbered process
 * acts after its operation ended in `info`. Others' histories may hold completions only and reuse a
 * process after `info`, and a second open operation is no fatal problem there; named processes (the
 * nemesis) may always report with a lone `info`.
 * @param lastIndex the index of the operation before, or -1
 */
export function validate(
  columns: HistoryColumns,
  { index, process, type, f }: Operation,
  own: boolean,
  lastIndex: number,
): ValidationProblem | null {
  const fatal = (expected: string, got: string): ValidationProblem => ({
    sentence: `expected ${expected}, got ${got}`,
    fatal: true,
  });
  if (index <= lastIndex) return fatal(`an index above ${lastIndex}`, `${index}`);
  const code = columns.processCode(process);
  const slot = columns.processes.slot(code);
  const problem = columns.processes.problem(slot, code, typeCode[type], columns.functions.number(f), own);
  if (problem === processProblem.none) return null;
  const invoked = columns.processes.latest(slot);
  if (problem === processProblem.crashed)
    return fatal(`process ${process} to stay silent after its operation ended in info`, `${type} of ${f}`);
  if (problem === processProblem.overlap)
    return {
      ...fatal(`process ${process} to complete its operation ${invoked.index} first`, "another invoke"),
      fatal: own,
    };
  if (problem === processProblem.alone)
    return fatal(`process ${process} to have invoked something`, `${type} without an invocation`);
  const name = columns.functions.names[invoked.f] ?? "";
  return fatal(`process ${process} to complete ${name} (operation ${invoked.index})`, `${type} of ${f}`);
}
