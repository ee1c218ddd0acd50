import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { indexOf } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, readerText, restFirst, told, type Told } from "./told.ts";

/**
 * Pairs of counters that every transaction raises together, by one each: whoever reads A, then B, then A again
 * finds A ≤ B ≤ A (`fractured-read`).
 *
 * Assumes: both begin at 0, and are only ever raised, both in one transaction; reads are `ok` operations with
 * `data.saw[pair] = [A, B, A]` in the order in which they were read, each a count and who raised it last;
 * whoever raised a pair says `data.raised[pair] = attempt`. Where transactions are seen as a whole, and what
 * was seen once is not taken back, a count of A that was read cannot be ahead of a B that was read later, nor
 * B of A. Linear.
 */
export const fractured: DomainChecker = {
  name: "fractured",
  summary: "two counters that are raised together are never seen with one raise in only one of them",
  anomalies: { "fractured-read": "a raise of two counters showed in one of them and later not in the other" },
  check,
};

interface Count {
  readonly name: "A" | "B";
  readonly count: number;
  readonly raisedBy: Json;
}

/** A count that a read showed, and a smaller one of the other counter that the same read showed afterwards. */
interface Fracture {
  readonly reader: Told;
  readonly pair: string;
  readonly ahead: Count;
  readonly behind: Count;
}

function check(history: History): DomainResult {
  const fractures: Fracture[] = [];
  const raises = new Map<string, number>();
  for (const reader of told(history)) {
    const { row, data } = reader;
    for (const [pair, attempt] of members(member(data, "raised"))) raises.set(raiseId(pair, attempt), row);
    for (const [pair, shown] of members(member(data, "saw"))) {
      const counts = listOf(shown).flatMap((one, i) => countsIn(one, i));
      const [fracture] = counts.flatMap((ahead, i) => {
        const behind = counts[i + 1];
        return behind === undefined || ahead.count <= behind.count ? [] : [{ reader, pair, ahead, behind }];
      });
      if (fracture !== undefined) fractures.push(fracture);
    }
  }
  const witnesses = restFirst(fractures).map((one) => witness(history, one, raises));
  return { anomalies: casesByAnomaly({ "fractured-read": witnesses }), notes: [] };
}

function countsIn(shown: Json, position: number): readonly Count[] {
  const [count, raisedBy] = listOf(shown);
  if (typeof count !== "number" || raisedBy === undefined) return [];
  return [{ name: position === 1 ? "B" : "A", count, raisedBy }];
}

function witness(
  history: History,
  { reader, pair, ahead, behind }: Fracture,
  raises: ReadonlyMap<string, number>,
): Witness {
  const raise = raises.get(raiseId(pair, ahead.raisedBy));
  const where = raise === undefined ? "" : ` (index ${indexOf(history, raise)})`;
  return caseOf(
    history,
    [...(raise === undefined ? [] : [raise]), reader.row],
    `${readerText(history, reader)} saw ${ahead.name} of ${valueText(pair)} at ${ahead.count}, raised by ` +
      `${valueText(ahead.raisedBy)}${where}, and after that ${behind.name} at ${behind.count}, though every raise raises both`,
  );
}

function raiseId(pair: string, attempt: Json): string {
  return JSON.stringify([pair, attempt]);
}
