import { type History, mopKindCode } from "../history/history.ts";
import { CheckError } from "./check-error.ts";
import type { Inference } from "./infer/inference.ts";
import { inferences } from "./infer/inferences.ts";

/** Which inferences to use, or why none can be. */
export interface Selection {
  readonly selected: readonly Inference[];
  /** Micro-operations that nothing selected understands; empty when all is well. */
  readonly problems: readonly string[];
}

/**
 * The inferences for a history: the one asked for, or every one whose kind of object occurs. Linear in
 * the micro-operations.
 * @throws CheckError when there is no inference of that name.
 */
export function selectInferences(history: History, workload: string | undefined): Selection {
  const kinds = kindsOf(history);
  const asked = workload === undefined ? null : inferenceNamed(workload);
  const selected = asked === null ? [...inferences.values()].filter((one) => one.applies(kinds)) : [asked];
  const understood = new Set(selected.flatMap((one) => one.kinds));
  const strange = [...kinds].filter((kind) => !understood.has(kind));
  if (strange.length === 0) return { selected, problems: [] };
  const names = strange.flatMap((kind) => kindNames(history, kind)).join(", ");
  const judge = asked === null ? "No checker understands" : `The ${asked.name} checker does not understand`;
  return {
    selected: asked === null ? selected : [],
    problems: [`${judge} micro-operations of the kind ${names}, which the history holds.`],
  };
}

/** The kinds that clients' transactions hold. */
function kindsOf({ length, process, mopStart, mopKind }: History): ReadonlySet<number> {
  const kinds = new Set<number>();
  for (let row = 0; row < length; row++) {
    if ((process[row] ?? -1) < 0) continue;
    for (let mop = mopStart[row] ?? 0; mop < (mopStart[row + 1] ?? 0); mop++) kinds.add(mopKind[mop] ?? 0);
  }
  return kinds;
}

function inferenceNamed(name: string): Inference {
  const found = inferences.get(name);
  if (found === undefined)
    throw new CheckError(
      `There is no checker "${name}"; choose one of ${[...inferences.keys()].join(", ")}.`,
    );
  return found;
}

function kindNames(history: History, kind: number): readonly string[] {
  if (kind === mopKindCode.other)
    return [...new Set(history.otherKinds.values())].map((name) => JSON.stringify(name));
  return Object.entries(mopKindCode).flatMap(([name, code]) => (code === kind ? [JSON.stringify(name)] : []));
}
