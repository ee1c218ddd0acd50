import type { DatabaseKind } from "../history/header.ts";
import { everyDatabase, type Need, type Nemesis } from "../nemesis/nemesis.ts";
import type { StepFault } from "../scheduler/with-faults.ts";

/** A fault as `isolab list nemeses` shows it; the keys are those of `--json`. */
export interface ListedFault {
  readonly name: string;
  /** What it does, and under which conditions. */
  readonly summary: string;
  /** What it does. */
  readonly does: string;
  readonly databases: readonly DatabaseKind[];
  readonly needs: readonly Need[];
  /** `timeline`: in free-running executions; `step`: as a step of a schedule. */
  readonly modes: readonly ("timeline" | "step")[];
}

const needed: Readonly<Record<Need, string | undefined>> = {
  "own-server": "a server of our own",
  "small-disk": "root, for a small disk of its own",
  proxy: undefined,
  disruptive: "a server of our own, or --allow-disruptive",
  "answer-timeout": undefined,
};

/** Every fault once, those of both modes with what the timeline's does. */
export function listedFaults(
  nemeses: readonly Nemesis[],
  steps: readonly StepFault[],
): readonly ListedFault[] {
  const timed = nemeses.map((nemesis): ListedFault => {
    const isStep = steps.some(({ name }) => name === nemesis.name);
    const { name, databases, needs } = nemesis;
    const modes = isStep ? (["timeline", "step"] as const) : (["timeline"] as const);
    const does = nemesis.summary;
    return { name, summary: `${does}${conditions(nemesis, isStep)}`, does, databases, needs, modes };
  });
  const only = steps
    .filter(({ name }) => !nemeses.some((nemesis) => nemesis.name === name))
    .map(({ name }): ListedFault => ({
      name,
      summary: onlyAStep,
      does: onlyAStep,
      databases: everyDatabase,
      needs: [],
      modes: ["step"],
    }));
  return [...timed, ...only];
}

const onlyAStep = "as a step of a schedule only";

function conditions({ databases, needs }: Nemesis, isStep: boolean): string {
  const told = [
    ...(databases.length < everyDatabase.length ? [`${databases.join(", ")} only`] : []),
    ...needs.flatMap((need) => (needed[need] === undefined ? [] : [`needs ${needed[need]}`])),
    ...(isStep ? ["also a step"] : []),
  ];
  return told.length === 0 ? "" : ` (${told.join("; ")})`;
}
