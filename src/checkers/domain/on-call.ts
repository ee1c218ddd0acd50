import { type History, typeCode } from "../../history/history.ts";
import { operationAt } from "../../history/operation-at.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import { type Witness, witnessesPerType } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { listOf, member, members } from "./json-members.ts";

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
  readonly row: number;
  readonly isAtRest: boolean;
  readonly shift: string;
  /** The doctors, and the attempts that made them go off call. */
  readonly off: readonly (readonly [doctor: string, attempt: string])[];
}

function check(history: History): DomainResult {
  const deserted: Deserted[] = [];
  const leaves = new Map<string, number>();
  for (let row = 0; row < history.length; row++) {
    const data = history.data.get(row);
    if (data === undefined || history.type[row] !== typeCode.ok || (history.process[row] ?? -1) < 0) continue;
    for (const [shift, attempt] of members(member(data, "off")))
      leaves.set(JSON.stringify([shift, attempt]), row);
    const isAtRest = history.functions[history.f[row] ?? 0] === "read-at-rest";
    for (const [shift, doctors] of members(member(data, "shifts"))) {
      const states = members(doctors).map(([doctor, state]) => [doctor, ...listOf(state)] as const);
      if (states.length === 0 || states.some(([, state]) => state !== "off")) continue;
      const off = states.flatMap(([doctor, , by]) => (typeof by === "string" ? [[doctor, by] as const] : []));
      deserted.push({ row, isAtRest, shift, off });
    }
  }
  if (deserted.length === 0) return { anomalies: {}, notes: [] };
  const witnesses = unique(deserted).map((one) => witness(history, one, leaves));
  return { anomalies: { "nobody-on-call": witnesses.slice(0, witnessesPerType) }, notes: [] };
}

/** One read of each case, those at rest first: there it lasts. */
function unique(deserted: readonly Deserted[]): readonly Deserted[] {
  const cases = new Map<string, Deserted>();
  for (const one of [...deserted].sort((a, b) => Number(b.isAtRest) - Number(a.isAtRest))) {
    const id = JSON.stringify([one.shift, one.off]);
    if (!cases.has(id)) cases.set(id, one);
  }
  return [...cases.values()];
}

function witness(
  history: History,
  { row, isAtRest, shift, off }: Deserted,
  leaves: ReadonlyMap<string, number>,
): Witness {
  const rows = off.map(([, attempt]) => leaves.get(JSON.stringify([shift, attempt])));
  const made = off.map(([doctor, attempt], i) => {
    const at = rows[i];
    const where = at === undefined ? "" : ` (index ${indexOf(history, at)})`;
    return `doctor ${valueText(doctor)} went off call by ${valueText(attempt)}${where}`;
  });
  const who = isAtRest ? "the read at rest" : `the ${history.functions[history.f[row] ?? 0] ?? ""}`;
  return {
    cycle: [...rows.filter((at) => at !== undefined), row].map((at) => operationAt(history, at)),
    steps: [],
    explanation:
      `nobody of ${valueText(shift)} was on call, as ${who} (index ${indexOf(history, row)}) saw: ` +
      sentenceList(made),
  };
}
