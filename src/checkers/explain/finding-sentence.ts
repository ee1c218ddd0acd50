import type { Json, Mop } from "../../history/operation.ts";
import type { Party } from "./party.ts";
import { readOf, readState } from "./read-words.ts";
import { isSame, keyName, listText, sentenceList, valueText } from "./value-text.ts";
import { versionPair, writeNoun, writeOf } from "./write-words.ts";

/** What a finding that is no cycle hangs on. */
export interface FindingFacts {
  readonly type: string;
  readonly key: Json;
  /** The element or value that decides, where there is one. */
  readonly element?: Json;
}

/** What a finding proves, for a person, as whole sentences. */
export function findingSentence(named: readonly Party[], facts: FindingFacts): string {
  const [a, b] = named;
  if (a === undefined) return `${keyName(facts.key)} shows ${facts.type}.`;
  const { type, key, element } = facts;
  const name = keyName(key);
  const shown = element === undefined ? name : `${valueText(element)} in ${name}`;
  const other = b?.name ?? "another transaction";
  switch (type) {
    case "G1a":
      return `${a.name} saw ${wrote(b, facts, a)}${stateOf(a, facts)}, and ${other} failed.`;
    case "G1b":
      return `${a.name} saw ${wrote(b, facts, a)}${stateOf(a, facts)}: a state in the middle of ${other}, which went on to write ${name} again.`;
    case "G1c":
      return `${a.name} saw its own ${writeNoun(a, key, element, [])} before it made it${stateOf(a, facts)}, so it came before itself.`;
    case "dirty-update":
      return `${a.name} failed, and yet ${wrote(b, facts, a)} came on top of what it had written to ${name}.`;
    case "duplicate-elements":
      return `${a.name} read ${valueText(element)} more than once in ${name}, though it was written once${twice(a, facts)}.`;
    case "incompatible-order":
      return `Neither read of ${name} is the beginning of the other${difference(named, key)}.`;
    case "internal":
      return element === undefined
        ? `${a.name} read ${name} differently from what it had read or written there itself${ownReads(a, key)}.`
        : `${a.name} did not see its own ${writeNoun(a, key, element, [])}${ownReads(a, key)}.`;
    case "future-read":
      return `${a.name} saw ${shown}${stateOf(a, facts)} before it wrote that itself.`;
    case "lost-update":
      return lostUpdate(named, key);
    case "tied-versions":
      return `${a.name} and ${other} both committed a write with the same version number: ${sentenceList(named.map((party) => `${party.name}'s ${writeNoun(party, key, undefined, named)}`))}.`;
    case "garbage-read":
      return `${a.name} saw ${shown}${stateOf(a, facts)}, which nobody wrote.`;
    case "cyclic-versions":
      return `The versions of ${name} that were read and written cannot be put in any order: each of some comes before the next, and the last before the first.`;
    case "predicate-read-miss":
      return `${a.name} read by a predicate that every version of ${name} satisfies, and yet ${name} is missing from what it got.`;
    default:
      return `${sentenceList(named.map((party) => party.name))} show ${type} on ${shown}.`;
  }
}

function wrote(writer: Party | undefined, { key, element }: FindingFacts, reader: Party): string {
  if (writer === undefined) return element === undefined ? keyName(key) : valueText(element);
  return `${writer.name}'s ${writeNoun(writer, key, element, [reader])}`;
}

function stateOf(reader: Party, { key, element }: FindingFacts): string {
  const mop = readOf(reader, key, element, true);
  if (mop === undefined || !Array.isArray(mop[2])) return "";
  return ` (it read ${readState(reader, mop, element, false)})`;
}

/** The place at which an element shows for the second time. */
function twice({ mops }: Party, { key, element }: FindingFacts): string {
  for (const [, of, read] of mops) {
    if (!isSame(of, key) || !Array.isArray(read) || element === undefined) continue;
    const items = read as readonly Json[];
    const first = items.findIndex((item) => isSame(item, element));
    const second = items.findIndex((item, i) => i > first && isSame(item, element));
    if (first >= 0 && second >= 0) return `: it read ${listText(items, second)}`;
  }
  return "";
}

/** The neighbourhood of the first element in which two reads differ. */
function difference(named: readonly Party[], key: Json): string {
  const reads = named.flatMap((party) =>
    party.mops
      .filter(([kind, of, read]) => kind === "r" && isSame(of, key) && Array.isArray(read))
      .map((mop) => ({ party, items: mop[2] as readonly Json[] })),
  );
  for (const [i, one] of reads.entries())
    for (const two of reads.slice(i + 1)) {
      const length = Math.min(one.items.length, two.items.length);
      const at = one.items.slice(0, length).findIndex((item, j) => !isSame(item, two.items[j]));
      if (at >= 0)
        return `: ${one.party.name} read ${listText(one.items, at)}, ${two.party.name} read ${listText(two.items, at)}`;
    }
  return "";
}

/** All the transaction did to the key, in its order. */
function ownReads(party: Party, key: Json): string {
  const own = party.mops.filter(([, of]) => isSame(of, key)).slice(0, 4);
  if (own.length === 0) return "";
  const told = own.map((mop) =>
    isReadMop(mop) ? `read ${readState(party, mop, undefined, false)}` : did(party, mop),
  );
  return `: it ${sentenceList(told).replace(/ and (?=[^,]*$)/, ", then ")}`;
}

function did(party: Party, [, key, value]: Mop): string {
  return `made the ${writeNoun(party, key, value, [])}`;
}

function isReadMop([kind]: Mop): boolean {
  return kind === "r" || kind === "rs";
}

function lostUpdate(named: readonly Party[], key: Json): string {
  const [first] = named;
  const read = first === undefined ? undefined : readOf(first, key, undefined, false);
  const versioned = named.some((party) => {
    const write = writeOf(party, key);
    return write?.[0] === "w" && versionPair(write[2]) !== undefined;
  });
  const state =
    first === undefined || read === undefined
      ? `read the same version of ${keyName(key)}`
      : read[2] === null
        ? `found nothing at ${keyName(key)}`
        : `read ${keyName(key)} as ${readState(first, read, undefined, versioned)}`;
  const each = named.map((party) => `${party.name}'s ${writeNoun(party, key, undefined, named)}`);
  return `${sentenceList(named.map(({ name }) => name))} each ${state} and then wrote it, knowing nothing of the other: ${sentenceList(each)}. All but one of these updates ignore another.`;
}
