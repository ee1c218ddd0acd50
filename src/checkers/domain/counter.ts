import { type History, mopKindCode, typeCode } from "../../history/history.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, told } from "./told.ts";

/** How many increments of one count a witness names. */
const namedIncrements = 3;

/**
 * Counters that begin at 0 and are only ever raised by one: when everything has ended, a counter holds as
 * much as increments were committed. Less is `lost-increment`, more is `extra-increment`.
 *
 * Assumes: increments are operations with f `increment` that write (`w`) the counter once, with
 * `data.counted[counter]`, the count they wrote, where the application knew it; reads at rest (f
 * `read-at-rest`) come after everything else and carry `data.counts[counter]`. An increment of unknown
 * outcome may have counted or not. A counter that was not read at rest is not judged. Linear.
 */
export const counter: DomainChecker = {
  name: "counter",
  summary: "a counter holds as much as increments of it were committed",
  anomalies: {
    "lost-increment": "a counter holds less than increments of it were committed",
    "extra-increment": "a counter holds more than increments of it may have been committed",
  },
  check,
};

interface Increments {
  /** Rows of the completions that surely committed. */
  readonly committed: number[];
  /** How many there are of which nobody knows. */
  unknown: number;
}

function check(history: History): DomainResult {
  const increments = incrementsOf(history);
  const lost: Witness[] = [];
  const extra: Witness[] = [];
  for (const { row, key, count } of countsAtRest(history)) {
    const { committed, unknown } = increments.get(key) ?? { committed: [], unknown: 0 };
    if (count < committed.length) lost.push(lostWitness(history, { row, key, count }, committed));
    if (count > committed.length + unknown)
      extra.push(
        caseOf(
          history,
          [row],
          `${valueText(key)} held ${count} when everything had ended (index ${indexOf(history, row)}), ` +
            `though at most ${committed.length + unknown} of its increments were committed`,
        ),
      );
  }
  return { anomalies: casesByAnomaly({ "lost-increment": lost, "extra-increment": extra }), notes: [] };
}

/** By counter. An invocation that nothing completes is of unknown outcome. */
function incrementsOf(history: History): ReadonlyMap<string, Increments> {
  const found = new Map<string, Increments>();
  for (let row = 0; row < history.length; row++) {
    const type = history.type[row];
    const isOpen = type === typeCode.invoke && history.pair[row] === -1;
    const isUnknown = type === typeCode.info || isOpen;
    if ((!isUnknown && type !== typeCode.ok) || (history.process[row] ?? -1) < 0) continue;
    if (history.functions[history.f[row] ?? 0] !== "increment") continue;
    for (let mop = history.mopStart[row] ?? 0; mop < (history.mopStart[row + 1] ?? 0); mop++) {
      const key = history.keys[history.mopKey[mop] ?? 0];
      if (history.mopKind[mop] !== mopKindCode.w || typeof key !== "string") continue;
      const known = found.get(key) ?? { committed: [], unknown: 0 };
      if (isUnknown) known.unknown++;
      else known.committed.push(row);
      found.set(key, known);
    }
  }
  return found;
}

interface CountAtRest {
  readonly row: number;
  readonly key: string;
  readonly count: number;
}

function countsAtRest(history: History): readonly CountAtRest[] {
  const found: CountAtRest[] = [];
  for (const { row, isAtRest, data } of told(history)) {
    if (!isAtRest) continue;
    for (const [key, count] of members(member(data, "counts")))
      if (typeof count === "number") found.push({ row, key, count });
  }
  return found;
}

function lostWitness(
  history: History,
  { row, key, count }: CountAtRest,
  committed: readonly number[],
): Witness {
  const [written, same] = sameCount(history, key, committed);
  const makers = same.map((at) => `index ${indexOf(history, at)}`);
  const why = same.length === 0 ? "" : `: ${sentenceList(makers)} each wrote ${written}`;
  return caseOf(
    history,
    [...same, row],
    `${valueText(key)} held ${count} when everything had ended (index ${indexOf(history, row)}), ` +
      `though ${committed.length} increments of it were committed${why}`,
  );
}

/** The first count that several increments wrote, and the first of them; of none there are none. */
function sameCount(
  history: History,
  key: string,
  committed: readonly number[],
): readonly [count: number, rows: readonly number[]] {
  const byCount = new Map<number, number[]>();
  for (const row of committed) {
    const written = member(member(history.data.get(row), "counted"), key);
    if (typeof written !== "number") continue;
    const rows = byCount.get(written) ?? [];
    rows.push(row);
    byCount.set(written, rows);
  }
  const [first] = [...byCount].filter(([, rows]) => rows.length > 1);
  return first === undefined ? [0, []] : [first[0], first[1].slice(0, namedIncrements)];
}
