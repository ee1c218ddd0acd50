import type { Json, Mop } from "../../history/operation.ts";
import type { Party } from "./party.ts";
import { isSame, listText, sentenceList, valueText } from "./value-text.ts";
import { shownVersions, versionPair } from "./write-words.ts";

/** The first read of a key that shows a value (or does not), else any read of the key. */
export function readOf(reader: Party, key: Json, value: Json | undefined, shows: boolean): Mop | undefined {
  const reads = reader.mops.filter(([kind, of, read]) => isRead(kind) && isSame(of, key) && read !== null);
  const fitting = reads.find((mop) => value !== undefined && positionIn(mop, value) >= 0 === shows);
  return fitting ?? reads[0] ?? reader.mops.find(([kind, of]) => isRead(kind) && isSame(of, key));
}

/**
 * What a read showed, cut to the part that decides: "[1, 2]", "{a, b}", "versions 1 to 6", "version 7",
 * "5".
 * @param value the element that decides, where the read shows it
 * @param versioned whether the key's rows carry a version, so that `[n, v]` is no list
 */
export function readState(reader: Party, mop: Mop, value: Json | undefined, versioned: boolean): string {
  const [kind, , read] = mop;
  if (!Array.isArray(read)) return read === null ? "nothing there" : valueText(read);
  const pair = versioned ? versionPair(read) : undefined;
  if (pair !== undefined) return pair[0] === null ? valueText(pair[1]) : `version ${pair[0]}`;
  const at = value === undefined ? -1 : positionIn(mop, value);
  if (kind !== "rs") return listText(read as readonly Json[], at < 0 ? undefined : at);
  const versions = shownVersions(reader, mop);
  if (versions !== undefined) return versionsText(versions);
  return listText(read as readonly Json[], at < 0 ? undefined : at, "{}");
}

/** What a transaction searched for, where it did: the predicate of its first `rp`, in words. */
export function searchOf({ mops }: Party): string | undefined {
  const search = mops.find(([kind]) => kind === "rp");
  return search === undefined ? undefined : predicateWords(search[1]);
}

/** "all rows", "rows with the value 5", "rows with stage = live", "rows that are 1 modulo 3". */
function predicateWords(predicate: Json): string {
  if (predicate === true) return "all rows";
  if (!Array.isArray(predicate)) return valueText(predicate);
  const [kind, a, b, ...rest] = predicate as readonly Json[];
  if (rest.length > 0 || a === undefined) return valueText(predicate);
  if (kind === "=" && b === undefined) return `rows with the value ${valueText(a)}`;
  if (kind === "=" && b !== undefined) return `rows with ${valueText(a)} = ${valueText(b)}`;
  return kind === "mod" && b !== undefined
    ? `rows that are ${valueText(b)} modulo ${valueText(a)}`
    : valueText(predicate);
}

function isRead(kind: string): boolean {
  return kind === "r" || kind === "rs";
}

/** Position of a value in a read, 0 for the value itself, or -1. */
function positionIn([, , read]: Mop, value: Json): number {
  if (isSame(read, value)) return 0;
  return Array.isArray(read) ? (read as readonly Json[]).findIndex((item) => isSame(item, value)) : -1;
}

/** "no version at all", "version 3", "versions 1 to 6", "versions 1, 2 and 5". */
function versionsText(versions: readonly number[]): string {
  const sorted = [...new Set(versions)].sort((a, b) => a - b);
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return "no version at all";
  if (sorted.length === 1) return `version ${first}`;
  if (last - first === sorted.length - 1) return `versions ${first} to ${last}`;
  const shown = sorted.length > 6 ? [`… ${sorted.length - 5} more`, ...sorted.slice(-5)] : sorted;
  return `versions ${sentenceList(shown.map(String))}`;
}
