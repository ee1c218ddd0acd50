import type { Move } from "../../scheduler/move.ts";
import { stepFaults } from "../../scheduler/with-faults.ts";
import type { RunContext } from "../run-context.ts";

/**
 * Records a fault that is a step as an operation of process `nemesis`: its invocation now, and its completion when
 * the function is called that this answers, both at the time of the step. It is told whether anything was hit.
 */
export function recordFault(
  { recorder, clock }: Pick<RunContext, "recorder" | "clock">,
  { fault, session }: Extract<Move, { kind: "fault" }>,
): (struck: boolean) => void {
  const known = stepFaults.find(({ name, fault: move }) => name === fault || move === fault);
  const line = { process: "nemesis", f: known?.name ?? fault, time: clock.nanos() };
  recorder.invoke({ ...line, value: null });
  return (struck) => {
    const did = known?.name === fault ? "struck" : "armed for";
    recorder.complete({ ...line, type: "info", value: struck ? `${did} session ${session}` : null });
  };
}
