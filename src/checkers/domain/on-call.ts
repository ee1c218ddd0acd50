import type { History } from "../../history/history.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, readerText, restFirst, told, type Told } from "./told.ts";

/**
 * Shifts of doctors: somebody is on call at any time (`nobody-on-call`).
 *
 * Assumes: in the beginning every shift has somebody on call; reads are `ok` operations that carry
 * `data.shifts[shift][doctor] = ["on" or "off", changed by]`, all doctors of the shift as one statement
 * showed them; whoever goes off call says so by `data.off[shift] = attempt`. Linear.
 */
export const onCall: DomainChecker = {
  name: "on-call",
  summary: "somebody of each shift is on call at any time",
  anomalies: { "nobody-on-call": "nobody of a shift is on call" },
  check,
};

/** A shift that a read showed without anybody on call. */
interface Deserted {
  readonly reader: Told;
  readonly shift: string;
  /** The doctors, and the attempts that made them go off call. */
  readonly off: readonly (readonly [doctor: string, attempt: string])[];
}

function check(history: History): DomainResult {
  const deserted: Deserted[] = [];
  const leaves = new Map<string, number>();
  for (const reader of told(history)) {
    const { row, data } = reader;
    for (const [shift, attempt] of members(member(data, "off")))
      leaves.set(JSON.stringify([shift, attempt]), row);
    for (const [shift, doctors] of members(member(data, "shifts"))) {
      const states = members(doctors).map(([doctor, state]) => [doctor, ...listOf(state)] as const);
      if (states.length === 0 || states.some(([, state]) => state !== "off")) continue;
      const off = states.flatMap(([doctor, , by]) => (typeof by === "string" ? [[doctor, by] as const] : []));
      deserted.push({ reader, shift, off });
    }
  }
  const witnesses = unique(deserted).map((one) => witness(history, one, leaves));
  return { anomalies: casesByAnomaly({ "nobody-on-call": witnesses }), notes: [] };
}

/** One read of each case, those at rest first: there it lasts. */
function unique(deserted: readonly Deserted[]): readonly Deserted[] {
  const cases = new Map<string, Deserted>();
  for (const one of restFirst(deserted)) {
    const id = JSON.stringify([one.shift, one.off]);
    if (!cases.has(id)) cases.set(id, one);
  }
  return [...cases.values()];
}

function witness(
  history: History,
  { reader, shift, off }: Deserted,
  leaves: ReadonlyMap<string, number>,
): Witness {
  const rows = off.map(([, attempt]) => leaves.get(JSON.stringify([shift, attempt])));
  const made = off.map(([doctor, attempt], i) => {
    const at = rows[i];
    const where = at === undefined ? "" : ` (index ${indexOf(history, at)})`;
    return `doctor ${valueText(doctor)} went off call by ${valueText(attempt)}${where}`;
  });
  return caseOf(
    history,
    [...rows.filter((at) => at !== undefined), reader.row],
    `nobody of ${valueText(shift)} was on call, as ${readerText(history, reader)} saw: ${sentenceList(made)}`,
  );
}
