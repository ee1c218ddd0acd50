import type { Json } from "../../../../src/history/operation.ts";
import { permutations } from "../../support/stores.ts";
import type { Transaction } from "./registers.ts";

/** A read of another transaction's write: which key, from whom (0 is the initial transaction), and where. */
interface ExternalRead {
  readonly key: string;
  readonly from: number;
  readonly at: number;
}

/** A committed transaction; number 0 writes the initial version of every key and precedes all. */
interface Committed {
  readonly process: number;
  /** Of unknown outcome, but seen: last in its session, and nothing is known to follow it. */
  readonly indeterminate: boolean;
  readonly reads: readonly ExternalRead[];
  readonly writes: ReadonlySet<string>;
}

type Relation = (a: number, b: number) => boolean;

/** Which of the models hold, in the order read committed, read atomic, causal. */
export type Answer = readonly [boolean, boolean, boolean];

/**
 * The definitions of Biswas and Enea 2019, section 2, read as they stand: some total order of all
 * committed transactions extends session order and reads and satisfies the axiom. Tries every order.
 */
export function axioms(history: readonly Transaction[]): Answer {
  const committed = committedOf(history);
  if (committed === null) return [false, false, false];
  const soWr = sessionsAndReads(committed);
  const all = [...committed.keys()];
  const past = closure(all, soWr);
  const answer = [false, false, false];
  for (const order of permutations(all.slice(1))) {
    const place = new Map([0, ...order].map((node, i) => [node, i]));
    const before: Relation = (a, b) => place.get(a)! < place.get(b)!;
    if (all.some((a) => all.some((b) => soWr(a, b) && !before(a, b)))) continue;
    const holds = (visible: (writer: number, reader: number, at: number) => boolean): boolean =>
      all.every((t3) =>
        committed[t3]!.reads.every(({ key, from: t1, at }) =>
          all.every(
            (t2) => t2 === t1 || !committed[t2]!.writes.has(key) || !visible(t2, t3, at) || before(t2, t1),
          ),
        ),
      );
    answer[0] ||= holds((t2, t3, at) => committed[t3]!.reads.some((r) => r.from === t2 && r.at < at));
    answer[1] ||= holds(soWr);
    answer[2] ||= holds(past);
  }
  return answer as unknown as Answer;
}

/**
 * Whether causal consistency holds, for histories too large to try orders: whether all that it forces,
 * from one transaction to any other, goes round in a circle.
 */
export function causallyConsistent(history: readonly Transaction[]): boolean {
  const committed = committedOf(history);
  if (committed === null) return false;
  const all = [...committed.keys()];
  const past = closure(all, sessionsAndReads(committed));
  const forced = all.map(() => new Set<number>());
  for (const t3 of all)
    for (const { key, from: t1 } of committed[t3]!.reads)
      for (const t2 of all)
        if (t2 !== t1 && committed[t2]!.writes.has(key) && past(t2, t3)) forced[t2]!.add(t1);
  const order = closure(all, (a, b) => past(a, b) || forced[a]!.has(b));
  return !all.some((node) => order(node, node));
}

function sessionsAndReads(committed: readonly Committed[]): Relation {
  const so: Relation = (a, b) =>
    a !== b &&
    (a === 0 || (a < b && !committed[a]!.indeterminate && committed[a]!.process === committed[b]!.process));
  const wr: Relation = (a, b) => committed[b]!.reads.some(({ from }) => from === a);
  return (a, b) => so(a, b) || wr(a, b);
}

/** The committed transactions, or null where some read has no explanation. */
function committedOf(history: readonly Transaction[]): readonly Committed[] | null {
  const lastWrite = ({ mops }: Transaction, key: Json): Json | undefined =>
    mops.filter(([f, k]) => f === "w" && k === key).at(-1)?.[2];
  const seen = history.filter(
    (writer) =>
      writer.type === "info" &&
      history.some(
        ({ type, mops }) =>
          type === "ok" &&
          mops.some(([f, key, value]) => f === "r" && value !== null && value === lastWrite(writer, key)),
      ),
  );
  const members = history.filter((one) => one.type === "ok" || seen.includes(one));
  const committed: Committed[] = [{ process: -1, indeterminate: false, reads: [], writes: new Set("xyz") }];
  for (const member of members) {
    const reads: ExternalRead[] = [];
    const own = new Map<Json, Json>();
    for (const [at, [f, key, value]] of member.mops.entries()) {
      if (f === "w") own.set(key, value);
      else if (member.type !== "ok") continue;
      else if (own.has(key)) {
        if (own.get(key) !== value) return null;
      } else {
        const writer = members.findIndex((other) => other !== member && lastWrite(other, key) === value);
        if (value !== null && writer < 0) return null;
        reads.push({ key: key as string, from: value === null ? 0 : writer + 1, at });
      }
    }
    const writes = new Set([...own.keys()] as string[]);
    committed.push({ process: member.process, indeterminate: member.type === "info", reads, writes });
  }
  return committed;
}

function closure(nodes: readonly number[], relation: Relation): Relation {
  const reach = nodes.map((a) => nodes.map((b) => relation(a, b)));
  for (const k of nodes)
    for (const i of nodes) if (reach[i]![k]!) for (const j of nodes) reach[i]![j] ||= reach[k]![j]!;
  return (a, b) => reach[a]![b]!;
}
