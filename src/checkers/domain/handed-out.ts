import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, told } from "./told.ts";

/** How many takers of one thing a witness names. */
const namedTakers = 5;

/** Something that only one may have, and who was told that they have it. */
export interface Handed {
  /** What it was taken from: a queue, a series. */
  readonly source: string;
  readonly thing: Json;
  readonly takers: readonly Taker[];
}

interface Taker {
  /** Row of the completion. */
  readonly row: number;
  readonly attempt: Json;
}

/**
 * What operations that surely committed say they were handed: `data[name][source] = [thing, attempt]`.
 * In the order of the first taker of each thing. Linear.
 */
export function handedOut(history: History, name: string): readonly Handed[] {
  const found = new Map<string, { source: string; thing: Json; takers: Taker[] }>();
  for (const { row, data } of told(history)) {
    for (const [source, pair] of members(member(data, name))) {
      const [thing, attempt] = listOf(pair);
      if (thing === undefined || attempt === undefined) continue;
      const id = JSON.stringify([source, thing]);
      const known = found.get(id) ?? { source, thing, takers: [] };
      known.takers.push({ row, attempt });
      found.set(id, known);
    }
  }
  return [...found.values()];
}

/**
 * A case for each thing that several have: by construction each of them committed, and each was told the same.
 * @param words `noun` and `verb` of the sentence "job 3.0 of queue/1 was dispatched to …"
 */
export function handedTwice(
  history: History,
  handed: readonly Handed[],
  { noun, verb }: { readonly noun: string; readonly verb: string },
): readonly Witness[] {
  return handed
    .filter(({ takers }) => takers.length > 1)
    .map(({ source, thing, takers }) => {
      const named = takers.slice(0, namedTakers);
      const to = named.map(({ row, attempt }) => `to ${valueText(attempt)} (index ${indexOf(history, row)})`);
      const more = takers.length > namedTakers ? [`${takers.length - namedTakers} times more`] : [];
      return caseOf(
        history,
        named.map(({ row }) => row),
        `${noun} ${valueText(thing)} of ${valueText(source)} was ${verb} ${sentenceList([...to, ...more])}`,
      );
    });
}
