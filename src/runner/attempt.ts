import type { Connection } from "../clients/database.ts";
import { DatabaseError } from "../clients/database-error.ts";
import { isMopList } from "../history/mop-list.ts";
import type { Process } from "../history/operation.ts";
import { classifyFailure, type Failure } from "./classify-failure.ts";
import { WorkloadError } from "../workload/define-workload.ts";
import type { Completed, OperationDefinition, PlannedOperation } from "../workload/workload.ts";
import type { RunContext } from "./run-context.ts";
import { tracedSession } from "./session.ts";

/** One attempt at a planned operation. */
export interface Attempt {
  readonly process: Process;
  readonly planned: PlannedOperation;
  /** `<operation>.<attempt>`, unique in the run. */
  readonly id: string;
  readonly think: () => Promise<void>;
  /**
   * Takes the recording of the invocation, to be called before anything is sent; without it the invocation
   * is recorded at once.
   */
  readonly whenInvoked?: (record: () => void) => void;
}

/** How it ended. */
export type Ending = { readonly type: "ok" } | Failure;

/**
 * Records the invocation, carries the operation out, records the completion.
 *
 * @throws WorkloadError, after recording the completion, when the body threw something that is no answer of
 * the database, or sent what is no SQL; RecorderError when the history cannot be written
 */
export async function runAttempt(
  context: RunContext,
  connection: Connection,
  attempt: Attempt,
): Promise<Ending> {
  const { recorder, clock } = context;
  const { process, planned, id } = attempt;
  const definition = definitionOf(context, planned);
  const value = definition.invoke(planned.args, id);
  const line = { process, f: planned.f };
  let isInvoked = false;
  const invoke = (): void => {
    if (isInvoked) return;
    isInvoked = true;
    recorder.invoke({ ...line, time: clock.nanos(), value });
  };
  if (attempt.whenInvoked === undefined) invoke();
  else attempt.whenInvoked(invoke);

  const target = { dialect: context.database.dialect, isolation: context.isolation };
  const { session, hasEffects, uncertain, isBusy } = tracedSession(connection, target, attempt.think);
  let completed: Completed;
  try {
    completed = checked(await definition.run(session, planned.args, id));
    if (isBusy()) throw new Error("a query or a transaction was not awaited");
    const doubt = uncertain();
    if (doubt !== undefined) throw doubt;
  } catch (thrown) {
    const failure = classifyFailure(thrown, hasEffects() || uncertain() !== undefined);
    invoke();
    const { type, data, error } = failure;
    const told = data === undefined ? {} : { data };
    recorder.complete({ ...line, time: clock.nanos(), type, value, ...told, error });
    if (failure.bug) throw workloadBug(planned.f, thrown);
    return failure;
  }
  invoke();
  recorder.complete({ ...line, time: clock.nanos(), type: "ok", ...completed });
  return { type: "ok" };
}

/** Records an attempt for which the application had no connection: nothing was sent. @param cause why not */
export function recordRefusal(
  context: RunContext,
  { process, planned, id }: Pick<Attempt, "process" | "planned" | "id">,
  cause: string,
): Failure {
  const { recorder, clock } = context;
  const line = { process, f: planned.f, value: definitionOf(context, planned).invoke(planned.args, id) };
  recorder.invoke({ ...line, time: clock.nanos() });
  recorder.complete({ ...line, time: clock.nanos(), type: "fail", error: { cause } });
  return { type: "fail", error: { cause }, message: cause, connectionLost: false, bug: false };
}

/** What a body returned, unless it is no completion: then the types were not heeded. */
function checked(completed: Completed | undefined): Completed {
  if (completed !== undefined && isMopList(completed.value)) return completed;
  throw new TypeError("run() must return { value: [[kind, key, value], …] }");
}

function workloadBug(f: string, thrown: unknown): WorkloadError {
  if (thrown instanceof DatabaseError)
    return new WorkloadError(`operation "${f}" of the workload: ${thrown.message}`, { cause: thrown });
  const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new WorkloadError(`operation "${f}" of the workload threw ${what}`, { cause: thrown });
}

function definitionOf(context: RunContext, planned: PlannedOperation): OperationDefinition {
  const definition = context.operations[planned.f];
  if (definition === undefined)
    throw new WorkloadError(`the workload plans "${planned.f}" but does not define it`);
  return definition;
}
