import type { Json, Mop } from "../../history/operation.ts";
import type { Party } from "./party.ts";
import { isSame, keyName, valueText } from "./value-text.ts";

const readKinds: ReadonlySet<string> = new Set(["r", "rs"]);

/** The write of a value to a key, or, without a value, the last write to it. */
export function writeOf({ mops }: Party, key: Json, value?: Json): Mop | undefined {
  return mops.findLast(
    (mop) => !readKinds.has(mop[0]) && isSame(mop[1], key) && (value === undefined || writes(mop, value)),
  );
}

/**
 * A write as a noun, in the words of whoever wrote the operation: "append of 5 to x", "registration of
 * version 7 of model/3", "version 7 of x", "write of 5 to x".
 *
 * @param others transactions that may know the version of a row that its writer does not tell
 */
export function writeNoun(
  writer: Party,
  key: Json,
  value: Json | undefined,
  others: readonly Party[],
): string {
  const mop = writeOf(writer, key, value);
  const name = keyName(key);
  if (mop === undefined) return value === undefined ? `write to ${name}` : `${valueText(value)} in ${name}`;
  const [kind, , written] = mop;
  switch (kind) {
    case "append":
      return `append of ${valueText(written)} to ${name}`;
    case "add":
      return addNoun(writer, mop, others);
    case "w": {
      return versionedNoun(name, written) ?? `write of ${valueText(written)} to ${name}`;
    }
    default:
      return `${valueText(kind)} of ${name}`;
  }
}

/** A write that carries the row's version; `[n, null]` deletes the row, and n is null where nobody knows it. */
function versionedNoun(name: string, written: Json): string | undefined {
  const pair = versionPair(written);
  if (pair === undefined) return undefined;
  const [version, value] = pair;
  if (value === null)
    return version === null ? `delete of ${name}` : `delete of ${name} (version ${version})`;
  return version === null
    ? `write of ${valueText(value)} to ${name}`
    : `version ${version} of ${name} (${valueText(value)})`;
}

/** `[n, v]` of a write or a read that carries the row's version, or undefined. */
export function versionPair(value: Json): readonly [number | null, Json] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [version, written, ...rest] = value as readonly Json[];
  return (typeof version === "number" || version === null) && written !== undefined && rest.length === 0
    ? [version, written]
    : undefined;
}

/**
 * The version numbers that a read of a whole set shows beside its elements (`data.versions[key]`,
 * parallel to the elements), or undefined.
 */
export function shownVersions({ operation }: Party, [, key, value]: Mop): readonly number[] | undefined {
  const shown = field(field(operation.data, "versions"), typeof key === "string" ? key : "");
  if (!Array.isArray(shown) || !Array.isArray(value) || shown.length !== value.length) return undefined;
  const numbers = (shown as readonly Json[]).filter((version) => typeof version === "number");
  return numbers.length === shown.length ? numbers : undefined;
}

function addNoun(writer: Party, mop: Mop, others: readonly Party[]): string {
  const [, key, element] = mop;
  const version = versionOf(writer, mop, others);
  const name = keyName(key);
  const registers = writer.operation.f === "register";
  if (version === undefined)
    return registers
      ? `registration of ${valueText(element)} in ${name}`
      : `insert of ${valueText(element)} into ${name}`;
  return registers
    ? `registration of version ${version} of ${name}`
    : `insert of version ${version} of ${name}`;
}

/** `data.version` of the operation's only insert, or what another's read shows beside the element. */
function versionOf(writer: Party, [, key, element]: Mop, others: readonly Party[]): number | undefined {
  const own = field(writer.operation.data, "version");
  const inserts = writer.mops.filter(([kind]) => kind === "add").length;
  if (typeof own === "number" && inserts === 1) return own;
  for (const reader of others)
    for (const mop of reader.mops) {
      if (mop[0] !== "rs" || !isSame(mop[1], key) || !Array.isArray(mop[2])) continue;
      const at = (mop[2] as readonly Json[]).findIndex((item) => isSame(item, element));
      const version = shownVersions(reader, mop)?.[at];
      if (version !== undefined) return version;
    }
  return undefined;
}

/** A versioned write is known by its version, by its value, or by both. */
function writes([kind, , written]: Mop, value: Json): boolean {
  if (isSame(written, value)) return true;
  const version = kind === "w" ? versionPair(written) : undefined;
  return version?.some((part) => isSame(part, value)) === true;
}

function field(json: Json | undefined, name: string): Json | undefined {
  if (json === undefined || json === null || typeof json !== "object" || Array.isArray(json))
    return undefined;
  const object = json as Readonly<Record<string, Json>>;
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
