import type { DomainChecker } from "../checkers/domain/domain-checker.ts";
import { caseOf, casesByAnomaly } from "../checkers/domain/told.ts";
import { sentenceList } from "../checkers/explain/value-text.ts";
import { isMopList } from "../history/mop-list.ts";
import { type History, typeCode } from "../history/history.ts";
import { operationAt } from "../history/operation-at.ts";
import type { Json, Mop } from "../history/operation.ts";
import { WorkloadError } from "./workload-error.ts";
import type { Workload } from "./workload.ts";

/** How an operation ended: `ok` it surely committed, `fail` it surely did not, `info` nobody knows. */
export type Ending = "ok" | "fail" | "info";

/** An operation as an invariant sees it. What it holds is a copy. */
export interface CheckedOperation<Data = Json | undefined> {
  /** Its number in the history. */
  readonly index: number;
  /** The client that carried it out. */
  readonly process: number;
  readonly type: Ending;
  readonly f: string;
  readonly value: readonly Mop[];
  /** What the operation returned as `data`; the type is what the invariant says it is, and is not checked. */
  readonly data: Data;
}

/** A broken invariant, and the operations that prove it. */
export interface Breach {
  /** What went wrong, in the words of the application: `seat 4 was sold twice`. */
  readonly sentence: string;
  readonly operations: readonly Pick<CheckedOperation, "index">[];
}

/** Nothing, when all is well. */
type Answer<T> = T | readonly T[] | false | null | undefined;

/** What must hold, whatever the isolation level, and how to see that it does not. */
export interface InvariantDefinition<Data = Json | undefined> {
  /** What it is called when it is broken, as an anomaly is: lower-case letters, digits and dashes. */
  readonly name: string;
  /** What holds, as half a sentence: `a seat is sold once`. */
  readonly summary: string;
  /** Which operations are shown: those that surely committed, unless others are asked for. */
  readonly endings?: readonly Ending[];
  /** Looks at one operation, and says what is broken in it, if anything is. */
  readonly each?: (operation: CheckedOperation<Data>) => Answer<string>;
  /** Looks at all of them, in the order in which they ended; reads at rest come last. */
  readonly all?: (operations: readonly CheckedOperation<Data>[]) => Answer<string | Breach>;
}

/** An invariant that a workload can name among its `checks`; made by {@link invariant}. */
export interface Invariant {
  readonly name: string;
  readonly summary: string;
  readonly endings: readonly Ending[];
  /** What is broken among these operations, in the order in which they ended. */
  readonly breaches: (operations: readonly CheckedOperation<never>[]) => readonly Breach[];
}

/**
 * Something of a workload's own that must hold. What breaks it is an anomaly by its name, at every level.
 * An invariant that throws makes a verdict `unknown`: it is never taken for one that holds.
 *
 * @typeParam Data what the operations that are shown carry as `data`
 * @throws WorkloadError unless it has `each` or `all`
 */
export function invariant<Data = Json | undefined>(definition: InvariantDefinition<Data>): Invariant {
  const { name, summary, endings = ["ok"], each, all } = definition;
  if (typeof each !== "function" && typeof all !== "function")
    throw new WorkloadError(`the invariant "${name}" needs each or all: a function that says what is broken`);
  return {
    name,
    summary,
    endings,
    breaches: (operations: readonly CheckedOperation<Data>[]) => [
      ...(each === undefined
        ? []
        : operations.flatMap((one) => listed(each(one)).map((found) => breach(found, [one])))),
      ...(all === undefined ? [] : listed(all(operations)).map((found) => breach(found, []))),
    ],
  };
}

/** The invariants that a workload brings along. */
export function ownInvariants({ checks }: Pick<Workload, "checks">): readonly Invariant[] {
  return checks.filter((check): check is Invariant => typeof check !== "string");
}

/** A workload's checks as checkers take them: isolab's own by name, and those that it brings along. */
export function checkersOf({ checks }: Pick<Workload, "checks">): readonly (string | DomainChecker)[] {
  return checks.map((check) => (typeof check === "string" ? check : checkerOf(check)));
}

/** The invariant as a checker of histories. Linear, but for what the invariant itself does. */
function checkerOf({ name, summary, endings, breaches }: Invariant): DomainChecker {
  return {
    name,
    summary,
    anomalies: { [name]: summary },
    check: (history) => {
      const rows = rowsOf(history, endings);
      const found = breaches(
        [...rows.values()].map((row) => shown(history, row)) as CheckedOperation<never>[],
      );
      const witnesses = found.map(({ sentence, operations }) => {
        const indices = operations.map(({ index }) => index);
        const where = indices.map((index) => rows.get(index) ?? strange(index));
        return caseOf(history, where, `${withoutPeriod(sentence)}${placesText(indices)}, though ${summary}`);
      });
      return { anomalies: casesByAnomaly({ [name]: witnesses }), notes: [] };
    },
  };
}

/** By index: the operations of clients that ended so. An invocation that nothing completes is `info`. */
function rowsOf(history: History, endings: readonly Ending[]): ReadonlyMap<number, number> {
  const wanted = new Set<number>(endings.map((ending) => typeCode[ending]));
  const rows = new Map<number, number>();
  for (let row = 0; row < history.length; row++) {
    if ((history.process[row] ?? -1) < 0) continue;
    const isOpen = history.type[row] === typeCode.invoke && history.pair[row] === -1;
    const type = isOpen ? typeCode.info : (history.type[row] ?? typeCode.invoke);
    if (wanted.has(type)) rows.set(history.index[row] ?? -1, row);
  }
  return rows;
}

function shown(history: History, row: number): CheckedOperation<unknown> {
  const { index, process, type, f, value, data } = operationAt(history, row);
  return {
    index,
    process: Number(process),
    type: type === "invoke" ? "info" : type,
    f,
    value: isMopList(value) ? value : [],
    // What is sorted in place, say, must not change what the next checker sees.
    data: structuredClone(data),
  };
}

function listed<T extends string | Breach>(answer: Answer<T>): readonly T[] {
  if (answer === false || answer === null || answer === undefined) return [];
  return typeof answer === "object" && Symbol.iterator in answer ? answer : [answer];
}

/** Types may not have been heeded, and what was not understood must not be taken for nothing. */
function breach(found: string | Breach, operations: Breach["operations"]): Breach {
  const whole = typeof found === "string" ? { sentence: found, operations } : found;
  if (typeof whole.sentence !== "string" || whole.sentence === "" || !Array.isArray(whole.operations))
    throw new TypeError("it answered neither a sentence nor { sentence, operations }");
  return whole;
}

function strange(index: number): never {
  throw new RangeError(`it names an operation that it was not shown, ${index}`);
}

/** A bound: how many operations an explanation names. */
const namedOperations = 6;

function placesText(indices: readonly number[]): string {
  if (indices.length === 0) return "";
  const named = indices.slice(0, namedOperations).map((index) => `index ${index}`);
  const more = indices.length - named.length;
  return ` (${sentenceList(more === 0 ? named : [...named, `${more} more`])})`;
}

function withoutPeriod(sentence: string): string {
  return sentence.replace(/\.$/, "");
}
