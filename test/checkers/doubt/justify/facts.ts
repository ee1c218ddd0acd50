import type { History } from "../../../../src/history/history.ts";
import { operationAt } from "../../../../src/history/operation-at.ts";
import type { Json, Mop, Operation } from "../../../../src/history/operation.ts";

/** A transaction as the lines of the history tell of it. */
export interface Told {
  /** Index of the line that stands for it: its completion, or its invocation where there is none. */
  readonly index: number;
  readonly process: Operation["process"];
  readonly outcome: "ok" | "fail" | "unknown";
  readonly mops: readonly Mop[];
  /** Index of the invocation; -Infinity where the history has none. */
  readonly invoked: number;
  /** Index of the completion; Infinity where the history has none. */
  readonly completed: number;
}

/** Every client's transaction, by the index of the line that stands for it. */
export function transactionsOf(history: History): ReadonlyMap<number, Told> {
  const open = new Map<Operation["process"], Operation>();
  const told = new Map<number, Told>();
  const add = (one: Told): unknown => told.set(one.index, one);
  for (let row = 0; row < history.length; row++) {
    const operation = operationAt(history, row);
    const { process, type, index } = operation;
    if (typeof process !== "number") continue;
    if (type === "invoke") {
      open.set(process, operation);
      continue;
    }
    const invocation = open.get(process);
    open.delete(process);
    add({
      index,
      process,
      outcome: type === "info" ? "unknown" : type,
      mops: mopsOf(operation) ?? mopsOf(invocation) ?? [],
      invoked: invocation?.index ?? -Infinity,
      completed: index,
    });
  }
  for (const [process, { index, value }] of open)
    add({
      index,
      process,
      outcome: "unknown",
      mops: value as readonly Mop[],
      invoked: index,
      completed: Infinity,
    });
  return told;
}

/** The number of each version of the rows that carry one, by {@link versionName}. */
export type Numbers = ReadonlyMap<string, number>;

/** The name of a value of a key. */
export function versionName(key: string, value: string): string {
  return `${key} ${value}`;
}

/**
 * Takes the version numbers out of writes and reads `[n, v]`, which then are those of a plain register.
 * A key is one of those when anything is written to it in that form.
 */
export function withoutNumbers(all: readonly Told[]): {
  readonly plain: readonly Told[];
  readonly numbers: Numbers;
} {
  const numbers = new Map<string, number>();
  const isPair = (value: Json): value is readonly [Json, Json] => Array.isArray(value) && value.length === 2;
  const mops = all.flatMap((one) => one.mops);
  const numbered = new Set(
    mops.flatMap(([kind, key, value]) => (kind === "w" && isPair(value) ? [text(key)] : [])),
  );
  const plain = all.map((one) => ({
    ...one,
    mops: one.mops.map((mop): Mop => {
      const [kind, key, value] = mop;
      if (!numbered.has(text(key)) || !isPair(value)) return mop;
      if (typeof value[0] === "number" && one.outcome !== "fail")
        numbers.set(versionName(text(key), text(value[1])), value[0]);
      return [kind, key, value[1]];
    }),
  }));
  return { plain, numbers };
}

/** What a micro-operation touches. */
export interface Access {
  readonly isRead: boolean;
  readonly key: string;
  /** The element written; undefined for a read. */
  readonly written: string | undefined;
  /** It is about a value that is replaced, as far as the micro-operation itself says. */
  readonly isReplaced: boolean;
  /** False for a read of null, which of a transaction of unknown outcome tells nothing. */
  readonly isKnown: boolean;
  /** What a read shows: elements in order, or the one value of a register; empty for nothing. */
  readonly shown: readonly string[];
}

/** The micro-operations of a transaction, keys and elements as text so that they can be compared. */
export function accesses({ mops }: Pick<Told, "mops">): readonly Access[] {
  return mops.map(([kind, name, value]) => {
    const key = text(name);
    if (kind !== "r" && kind !== "rs")
      return { isRead: false, key, written: text(value), isReplaced: kind === "w", isKnown: true, shown: [] };
    const isReplaced = kind === "r" && value !== null && !Array.isArray(value);
    const isKnown = value !== null;
    return { isRead: true, key, written: undefined, isReplaced, isKnown, shown: shownBy(value) };
  });
}

/**
 * The transactions that surely happened: the committed, and those of unknown outcome that wrote something
 * which one of them read.
 */
export function happened(all: readonly Told[]): ReadonlySet<Told> {
  const sure = new Set(all.filter(({ outcome }) => outcome === "ok"));
  for (const reader of sure) {
    const shown = readsOf(reader).flatMap((read) => read.shown.map((element) => `${read.key} ${element}`));
    const seen = new Set(shown);
    for (const one of all)
      if (
        one.outcome === "unknown" &&
        accesses(one).some(({ key, written }) => seen.has(`${key} ${written ?? ""}`))
      )
        sure.add(one);
  }
  return sure;
}

/** What a transaction says that it read: everything where it committed, else what is not null. */
export function readsOf(one: Told): readonly Access[] {
  return accesses(one).filter(({ isRead, isKnown }) => isRead && (isKnown || one.outcome === "ok"));
}

/** A key or an element as text. */
export function text(value: unknown): string {
  return JSON.stringify(value ?? null);
}

function shownBy(value: Json): readonly string[] {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]).map(text) : [text(value)];
}

function mopsOf(operation: Operation | undefined): readonly Mop[] | null {
  return Array.isArray(operation?.value) && operation.value.length > 0
    ? (operation.value as readonly Mop[])
    : null;
}
