import type { Json } from "../../history/operation.ts";
import type { StepType } from "../verdict.ts";
import type { Party } from "./party.ts";
import { readOf, readState, searchOf } from "./read-words.ts";
import { keyName, valueText } from "./value-text.ts";
import { versionPair, writeNoun, writeOf } from "./write-words.ts";

/** What a step of a cycle hangs on. */
export interface StepFacts {
  readonly type: StepType;
  /** Absent on steps of session and real-time order. */
  readonly key?: Json;
  /** The element or value of the later version; of the version read on a wr step. */
  readonly value?: Json;
  /** The element that came right before it in the key's order, where known. */
  readonly before?: Json;
}

/**
 * Why the first transaction of a step comes before the second, for a person, without a full stop.
 *
 * The words come from what the two did to the step's key, so they fit lists, sets, registers and rows
 * with versions; what cannot be found there is left out.
 */
export function stepSentence(step: StepFacts, a: Party, b: Party): string {
  const { type } = step;
  if (type === "process")
    return `${a.name} and ${b.name} ran on process ${valueText(a.operation.process)}, ${a.name} first`;
  if (type === "realtime")
    return `${a.name} completed (index ${a.operation.index}) before ${b.name} was invoked (index ${b.invokedIndex})`;
  if (type.startsWith("ww")) return writeAfterWrite(step, a, b);
  return type.startsWith("wr") ? readOfWrite(step, a, b) : unseenWrite(step, a, b);
}

/** ww: the second replaced, or came after, what the first wrote. */
function writeAfterWrite({ key = null, value, before }: StepFacts, a: Party, b: Party): string {
  const later = writeOf(b, key, value) ?? writeOf(b, key);
  const earlier = (before === undefined ? undefined : writeOf(a, key, before)) ?? writeOf(a, key);
  const laterNoun = writeNoun(b, key, later?.[2] ?? value, [a]);
  if (earlier === undefined) return `${b.name}'s ${laterNoun} came after ${a.name} wrote ${keyName(key)}`;
  const earlierNoun = writeNoun(a, key, earlier[2], [b]);
  const relation =
    before === undefined ? "came after" : earlier[0] === "append" ? "came right after" : "replaced";
  return `${b.name}'s ${laterNoun} ${relation} ${a.name}'s ${earlierNoun}`;
}

/** wr: the second saw what the first wrote. */
function readOfWrite({ key = null, value }: StepFacts, a: Party, b: Party): string {
  const noun = writeNoun(a, key, value, [b]);
  const read = readOf(b, key, value, true);
  const search = read === undefined ? searchOf(b) : undefined;
  if (search !== undefined) return `${b.name} searched for ${search} and saw ${a.name}'s ${noun}`;
  if (read === undefined) return `${b.name} built on ${a.name}'s ${noun}`;
  const isList = Array.isArray(read[2]) && !isVersioned(a, b, key);
  const state = isList ? `: it read ${readState(b, read, value, false)}` : "";
  return `${b.name} saw ${a.name}'s ${noun}${state}`;
}

/** rw: the first did not see what the second wrote. */
function unseenWrite({ key = null, value }: StepFacts, a: Party, b: Party): string {
  const noun = writeNoun(b, key, value, [a]);
  const read = readOf(a, key, value, false);
  const search = searchOf(a);
  const state =
    read !== undefined
      ? `: ${a.name} read ${readState(a, read, undefined, isVersioned(a, b, key))}`
      : search === undefined
        ? ""
        : `: ${a.name} searched for ${search}`;
  return `${a.name} did not see ${b.name}'s ${noun}${though(a, b)}${state}`;
}

/** What makes it strange that a write was not seen. */
function though(a: Party, b: Party): string {
  if (b.operation.type === "ok" && b.operation.index < a.invokedIndex)
    return `, though ${b.name} had committed before ${a.name} began`;
  return b.operation.type === "ok" ? `, though ${b.name} committed it` : ", though it took effect";
}

function isVersioned(a: Party, b: Party, key: Json): boolean {
  return [a, b].some((party) => {
    const write = writeOf(party, key);
    return write?.[0] === "w" && versionPair(write[2]) !== undefined;
  });
}
