import type { History } from "../../../src/history/history.ts";
import type { Json, Mop, OperationType } from "../../../src/history/operation.ts";
import type { Rng } from "../../../src/random/rng.ts";
import { event, type Event, fromEvents } from "../support/notation.ts";

/** How rows are written down: `versioned` as registers, the others as rows of a closed universe. */
export type Kind = "versioned" | "plain" | "numbered";

/** What a run does. A calm one deletes nothing, never goes back, and ends for sure. */
export interface Regime {
  readonly kind: Kind;
  readonly calm: boolean;
}

/** A step of a program. What it does depends on the state it meets; `null` where it does nothing. */
export interface Action {
  readonly type: "read" | "search" | "insert" | "increment" | "naive" | "delete";
  readonly key: string;
  readonly value: number;
  readonly predicate: Json;
}

/** What a row holds. */
export interface Row {
  readonly number: number;
  readonly value: number;
}

export type State = ReadonlyMap<string, Row>;

/** A transaction that ran: the actions that did something, and what they left in the history. */
export interface Ran {
  readonly actions: readonly Action[];
  readonly mops: readonly Mop[];
  readonly type: OperationType;
}

const keys = ["x", "y", "z"];

/** A random program; values are unique. `naive` writes compute their number from what was read. */
export function program(rng: Rng, { kind, calm }: Regime, transaction: number): readonly Action[] {
  const types: readonly Action["type"][] =
    kind === "versioned"
      ? ["read", "read", "increment", "increment"]
      : ["read", "search", "search", "insert", "increment", "increment"];
  const wild: readonly Action["type"][] = ["naive", "naive", "delete"];
  return Array.from({ length: 1 + rng.int(4) }, (_, i) => ({
    type: rng.pick(!calm && rng.chance(0.25) ? wild : types),
    key: rng.pick(keys),
    value: transaction * 10 + i,
    predicate: rng.pick<Json>([true, ["mod", 2, 0], ["mod", 2, 1], ["mod", 3, 0]]),
  }));
}

/** How a transaction that could commit ends. */
export function outcome(rng: Rng, { calm }: Regime): Ran["type"] {
  if (calm || rng.chance(0.8)) return "ok";
  return rng.chance(0.5) ? "fail" : "info";
}

/** Rows that are there in the beginning. */
export function beginning(rng: Rng, kind: Kind): State {
  if (kind === "versioned" || rng.chance(0.4)) return new Map();
  return new Map(keys.filter(() => rng.chance(0.6)).map((key, i) => [key, { number: 1, value: 9000 + i }]));
}

/**
 * One action on a state.
 * @param read the rows that the transaction has read itself, by which a naive write is numbered
 */
export function act(
  state: State,
  { type, key, value, predicate }: Action,
  kind: Kind,
  read: Map<string, Row>,
): { readonly after: State; readonly mop: Mop } | null {
  const row = state.get(key);
  const put = (f: string, number: number) => ({
    after: new Map(state).set(key, { number, value }),
    mop: [f, key, shown(kind, { number, value })] as Mop,
  });
  switch (type) {
    case "read":
      if (row === undefined) read.delete(key);
      else read.set(key, row);
      return { after: state, mop: ["r", key, row === undefined ? null : shown(kind, row)] };
    case "search": {
      const found = [...state]
        .filter(([, one]) => matches(predicate, one.value))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [of, one] of found) read.set(of, one);
      return { after: state, mop: ["rp", predicate, found.map(([of, one]) => [of, shown(kind, one)])] };
    }
    case "insert":
      return row === undefined ? put("insert", 1) : null;
    case "increment":
      if (row === undefined) return kind === "versioned" ? put("w", 1) : null;
      return put("w", row.number + 1);
    case "naive": {
      const base = read.get(key);
      return base === undefined || (row === undefined && kind !== "versioned")
        ? null
        : put("w", base.number + 1);
    }
    case "delete": {
      if (row === undefined) return null;
      const after = new Map(state);
      after.delete(key);
      return {
        after,
        mop: kind === "versioned" ? ["w", key, [row.number + 1, null]] : ["delete", key, null],
      };
    }
  }
}

/** Runs actions after each other; those that do nothing are left out. */
export function run(
  state: State,
  actions: readonly Action[],
  kind: Kind,
): { readonly after: State; readonly actions: readonly Action[]; readonly mops: readonly Mop[] } {
  const read = new Map<string, Row>();
  const done: Action[] = [];
  const mops: Mop[] = [];
  let after = state;
  for (const action of actions) {
    const result = act(after, action, kind, read);
    if (result === null) continue;
    after = result.after;
    done.push(action);
    mops.push(result.mop);
  }
  return { after, actions: done, mops };
}

/** The rows that mops write. */
export function written(mops: readonly Mop[]): readonly string[] {
  return mops.filter(([f]) => f !== "r" && f !== "rp").map(([, key]) => key as string);
}

/** What an unfinished transaction tells: no results, and numbers only if it is talkative. */
export function untold(rng: Rng, mops: readonly Mop[], kind: Kind): readonly Mop[] {
  const talkative = rng.chance(0.3);
  return mops.map(([f, key, value]): Mop => {
    if (f === "r" || f === "rp") return [f, key, null];
    if (kind === "plain" || talkative || !Array.isArray(value)) return [f, key, value];
    return [f, key, [null, (value as Json[])[1] ?? null]];
  });
}

/** A history of what ran: one after the other in time, or all at once. */
export function historyOf(rng: Rng, start: State, ran: readonly Ran[], kind: Kind, apart: boolean): History {
  const init: Mop[] = [...start].map(([key, row]) => ["insert", key, shown(kind, row)]);
  const begin: Event[] =
    init.length === 0
      ? []
      : [
          { ...event(1000, "invoke", init), f: "init" },
          { ...event(1000, "ok", init), f: "init" },
        ];
  const invokes = ran.map(({ mops }, i) => event(i, "invoke", untold(rng, mops, kind)));
  const ends = ran.map(({ mops, type }, i) => event(i, type, type === "ok" ? mops : untold(rng, mops, kind)));
  const both = apart ? invokes.flatMap((one, i) => [one, ends[i]!]) : [...invokes, ...ends];
  return fromEvents([...begin, ...both.filter(({ value }) => (value as Mop[]).length > 0)]);
}

function shown(kind: Kind, { number, value }: Row): Json {
  return kind === "plain" ? value : [number, value];
}

function matches(predicate: Json, value: number): boolean {
  if (predicate === true) return true;
  const [, divisor, remainder] = predicate as readonly [string, number, number];
  return value % divisor === remainder;
}
