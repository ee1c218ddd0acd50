import { type History } from "../../history/history.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker } from "./domain-checker.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, told } from "./told.ts";

/** How many takers a witness names; there may be more. */
const namedTakers = 8;

/** How many things a witness names, likewise. */
const namedThings = 4;

/** What one application calls it when things are taken. */
export interface TakingWords {
  readonly name: string;
  readonly summary: string;
  /** What it is called that a thing was taken more often than it can be. */
  readonly anomaly: string;
  /** A line on that. */
  readonly line: string;
  /** The participle: a voucher is `used`, an item `sold`. */
  readonly taken: string;
}

/**
 * A checker of things that can be taken once, or as often as there are pieces: vouchers, slots of a room, names.
 *
 * Assumes: an `ok` operation that took things says so by `data.took[thing] = attempt`; reads at rest
 * carry `data.holders[thing] = [attempt, …]`, who holds it in the database, where that can be seen; of what
 * has more than one piece somebody tells `data.pieces[thing]`. Nothing taken is ever given back, so that all
 * who took a thing have it at the same time.
 *
 * Sound: an `ok` operation is surely committed, and what is there when everything has ended was. Operations of
 * unknown outcome count only where a read at rest shows them; reads before that do not count, for they may have
 * shown what was rolled back. Linear in what operations tell.
 */
export function takingsChecker(words: TakingWords): DomainChecker {
  return {
    name: words.name,
    summary: words.summary,
    anomalies: { [words.anomaly]: words.line },
    check: (history) => {
      const cases = overtaken(history).map((one) => witness(history, one, words));
      return { anomalies: casesByAnomaly({ [words.anomaly]: cases }), notes: [] };
    },
  };
}

/** Attempts that surely took a thing, with the row that proves it: their completion's, or that of a read at rest. */
type Takers = Map<string, number>;

/** Things that the same attempts took, more of them than there are pieces. */
interface Overtaken {
  readonly things: readonly string[];
  readonly takers: Takers;
  readonly pieces: number;
}

function overtaken(history: History): readonly Overtaken[] {
  const { takers, pieces } = takings(history);
  const cases = new Map<string, Overtaken & { readonly things: string[] }>();
  for (const [thing, by] of takers) {
    const limit = pieces.get(thing) ?? 1;
    if (by.size <= limit) continue;
    const id = JSON.stringify([limit, ...by.keys()]);
    const known = cases.get(id);
    if (known === undefined) cases.set(id, { things: [thing], takers: by, pieces: limit });
    else known.things.push(thing);
  }
  return [...cases.values()];
}

interface Takings {
  readonly takers: ReadonlyMap<string, Takers>;
  readonly pieces: ReadonlyMap<string, number>;
}

function takings(history: History): Takings {
  const takers = new Map<string, Takers>();
  const pieces = new Map<string, number>();
  const note = (thing: string, attempt: unknown, row: number): void => {
    if (typeof attempt !== "string") return;
    const by = takers.get(thing) ?? new Map<string, number>();
    if (!by.has(attempt)) by.set(attempt, row);
    takers.set(thing, by);
  };
  for (const { row, isAtRest, data } of told(history)) {
    for (const [thing, attempt] of members(member(data, "took"))) note(thing, attempt, row);
    for (const [thing, number] of members(member(data, "pieces")))
      if (typeof number === "number") pieces.set(thing, Math.max(number, pieces.get(thing) ?? 0));
    if (!isAtRest) continue;
    for (const [thing, holders] of members(member(data, "holders")))
      for (const attempt of listOf(holders)) note(thing, attempt, row);
  }
  return { takers, pieces };
}

function witness(
  history: History,
  { things, takers, pieces }: Overtaken,
  { taken }: Pick<TakingWords, "taken">,
): Witness {
  const named = [...takers].slice(0, namedTakers);
  const by = named.map(([attempt, row]) => `by ${valueText(attempt)} (index ${indexOf(history, row)})`);
  const shown = things.slice(0, namedThings).map((thing) => valueText(thing));
  const rest = things.length - shown.length;
  const what = sentenceList(rest === 0 ? shown : [...shown, `${rest} more`]);
  const often = pieces === 1 ? "" : ` ${takers.size} times, though there were ${pieces}:`;
  const others = takers.size > named.length ? [`by ${takers.size - named.length} more`] : [];
  return caseOf(
    history,
    [...new Set(named.map(([, row]) => row))].sort((a, b) => a - b),
    `${what} ${things.length === 1 ? "was" : "were"} ${taken}${often} ${sentenceList([...by, ...others])}`,
  );
}
