import { type History, mopKindCode, shapeCode } from "../history/history.ts";

/** What a key holds, by the name of the inference that understands it. */
export type ObjectKind = "list-append" | "rw-register" | "versioned-register" | "set" | "closed-predicate";

/** What the keys of a history hold. */
export interface ObjectKinds {
  readonly present: ReadonlySet<ObjectKind>;
  /** By key; null where nothing tells, or where two kinds of writes contradict each other. */
  readonly ofKey: readonly (ObjectKind | null)[];
  /** A key that is written in two ways, or null. */
  readonly contradictory: number | null;
}

const bits: readonly (readonly [number, ObjectKind])[] = [
  [1, "list-append"],
  [2, "rw-register"],
  [4, "versioned-register"],
  [8, "set"],
  [64, "closed-predicate"],
];

const listRead = 16;
const scalarRead = 32;
const closedPredicate = 64;

/**
 * A key is what it is written as: appended to, replaced by plain values, replaced by `[version, value]`,
 * or added to. One that is only read is what its values look like, among the kinds that are written
 * anywhere; a list may be either of two, then. Where rows are inserted, deleted or read by predicates,
 * whatever is replaced or read is a row, too. Linear in the micro-operations.
 */
export function objectKinds(history: History): ObjectKinds {
  const traits = withRows(keyTraits(history));
  const written = new Set(traits.flatMap((trait) => kindsIn(trait)));
  const present = written.size > 0 ? written : new Set(traits.flatMap(readKinds));
  let contradictory: number | null = null;
  const ofKey = traits.map((trait, key) => {
    const [kind, second] = kindsIn(trait);
    if (second !== undefined) contradictory ??= key;
    if (kind !== undefined) return second === undefined ? kind : null;
    return readKinds(trait).find((one) => present.has(one)) ?? null;
  });
  return { present, ofKey, contradictory };
}

/**
 * The history as one inference is to see it: `r` does not tell what it reads, so micro-operations on
 * keys of other kinds take on a kind that nobody asks for.
 */
export function viewOf(history: History, { ofKey }: ObjectKinds, kind: ObjectKind): History {
  const mopKind = history.mopKind.map((code, mop) =>
    ofKey[history.mopKey[mop] ?? 0] === kind ? code : mopKindCode.other,
  );
  return { ...history, mopKind };
}

function keyTraits({ length, process, mopStart, mopKind, mopKey, mopShape, keys }: History): number[] {
  const traits = new Uint8Array(keys.length);
  for (let row = 0; row < length; row++) {
    if ((process[row] ?? -1) < 0) continue;
    const end = mopStart[row + 1] ?? 0;
    for (let mop = mopStart[row] ?? 0; mop < end; mop++) {
      const key = mopKey[mop] ?? 0;
      traits[key] = (traits[key] ?? 0) | traitOf(mopKind[mop] ?? 0, mopShape[mop] ?? 0);
    }
  }
  return Array.from(traits);
}

function traitOf(kind: number, shape: number): number {
  switch (kind) {
    case mopKindCode.append:
      return 1;
    case mopKindCode.w:
      return shape === shapeCode.list ? 4 : 2;
    case mopKindCode.add:
    case mopKindCode.rs:
      return 8;
    case mopKindCode.insert:
    case mopKindCode.delete:
    case mopKindCode.rp:
      return closedPredicate;
    case mopKindCode.r:
      return shape === shapeCode.list ? listRead : shape === shapeCode.scalar ? scalarRead : 0;
    default:
      return 0;
  }
}

/** `w` and `r` of rows look like those of registers; a list that is only read may still be one of a list's. */
function withRows(traits: readonly number[]): readonly number[] {
  if (!traits.some((trait) => (trait & closedPredicate) !== 0)) return traits;
  const ofRows = traits.some((trait) => (trait & 1) !== 0)
    ? 2 | 4 | scalarRead
    : 2 | 4 | scalarRead | listRead;
  const isRow = (trait: number): boolean => (trait & 9) === 0 && (trait & (closedPredicate | ofRows)) !== 0;
  return traits.map((trait) => (isRow(trait) ? closedPredicate : trait));
}

function kindsIn(trait: number): readonly ObjectKind[] {
  return bits.flatMap(([bit, kind]) => ((trait & bit) === 0 ? [] : [kind]));
}

/** What a key that is only read may be, the likeliest first. */
function readKinds(trait: number): readonly ObjectKind[] {
  if ((trait & scalarRead) !== 0) return ["rw-register"];
  return (trait & listRead) === 0 ? [] : ["list-append", "versioned-register"];
}
