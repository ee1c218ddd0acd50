import { type History, mopKindCode } from "../history/history.ts";
import { CheckError } from "./check-error.ts";
import type { Inference } from "./infer/inference.ts";
import { inferences } from "./infer/inferences.ts";
import { type ObjectKind, type ObjectKinds, objectKinds, viewOf } from "./object-kinds.ts";

/** An inference, and the history as it is to see it: without the keys that are another's. */
export interface Selected {
  readonly inference: Inference;
  readonly view: History;
}

/** Which inferences to use, or why none can be. */
export interface Selection {
  readonly selected: readonly Selected[];
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
  if (workload !== undefined) {
    const asked = inferenceNamed(workload);
    const strange = strangers(history, kinds, [asked]);
    return {
      selected: [{ inference: asked, view: history }],
      problems: strange === "" ? [] : [complaint(`The ${asked.name} checker does not understand`, strange)],
    };
  }
  const objects = objectKinds(history);
  const applying = [...inferences.values()].filter((one) => one.applies(kinds, objects.present));
  const strange = strangers(history, kinds, applying);
  if (strange !== "") return { selected: [], problems: [complaint("No checker understands", strange)] };
  return { selected: withViews(history, objects, applying), problems: contradiction(history, objects) };
}

/** Where one kind of object is read by `r`, all such reads are of it; else each key is what it is written as. */
function withViews(
  history: History,
  objects: ObjectKinds,
  applying: readonly Inference[],
): readonly Selected[] {
  const reading = applying.filter((one) => one.kinds.includes(mopKindCode.r));
  return applying.map((inference) => ({
    inference,
    view:
      reading.length > 1 && reading.includes(inference)
        ? viewOf(history, objects, inference.name as ObjectKind)
        : history,
  }));
}

function contradiction({ keys }: History, { contradictory }: ObjectKinds): readonly string[] {
  if (contradictory === null) return [];
  return [
    `${JSON.stringify(keys[contradictory])} is written in ways that do not go together (append, w, add, or w with a version), so the key cannot be judged.`,
  ];
}

/** The names of kinds that none of the inferences understands. */
function strangers(
  history: History,
  kinds: ReadonlySet<number>,
  understanding: readonly Inference[],
): string {
  const understood = new Set(understanding.flatMap((one) => one.kinds));
  const strange = [...kinds].filter((kind) => !understood.has(kind));
  return strange.flatMap((kind) => kindNames(history, kind)).join(", ");
}

function complaint(who: string, kinds: string): string {
  return `${who} micro-operations of the kind ${kinds}, which the history holds.`;
}

/** The kinds that clients' transactions hold. */
function kindsOf({ length, process, mopStart, mopKind }: History): ReadonlySet<number> {
  const seen = new Uint8Array(256);
  for (let row = 0; row < length; row++) {
    if ((process[row] ?? -1) < 0) continue;
    const end = mopStart[row + 1] ?? 0;
    for (let mop = mopStart[row] ?? 0; mop < end; mop++) seen[mopKind[mop] ?? 0] = 1;
  }
  return new Set([...seen.keys()].filter((kind) => seen[kind] === 1));
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
