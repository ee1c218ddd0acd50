import type { Rng } from "../../../src/random/rng.ts";
import type { History } from "../../../src/history/history.ts";
import type { Json, Mop } from "../../../src/history/operation.ts";
import { asInvoked, event, type Event, fromEvents } from "./notation.ts";

/** Which objects a simulated store holds. */
export type Kind = "list" | "set";

type State = ReadonlyMap<string, readonly Json[]>;

interface Executed {
  readonly mops: readonly Mop[];
  readonly type: "ok" | "fail" | "info";
  /** Position in the commit order; invoked before and completed after it. */
  readonly commit: number;
}

/** A store that runs one transaction after the other; everything is legal under strict serializability. */
export function serialRun(rng: Rng, kind: Kind, count: number): History {
  const run: Executed[] = [];
  let state: State = new Map();
  for (let i = 0; i < count; i++) {
    const mops = randomMops(rng, kind, i);
    const { after, seen } = execute(state, mops);
    const type = rng.chance(0.15) ? (rng.chance(0.5) ? "fail" : "info") : "ok";
    if (type === "ok" || (type === "info" && rng.chance(0.5))) state = after;
    run.push({ mops: type === "ok" ? seen : asInvoked(mops), type, commit: i });
  }
  return spread(rng, run);
}

/**
 * A store with snapshots, possibly old ones (generalized snapshot isolation), and first-committer-wins
 * on the lists written. Rows of a set never conflict.
 */
export function snapshotRun(rng: Rng, kind: Kind, count: number): History {
  const run: Executed[] = [];
  const states: State[] = [new Map()];
  const lastWrite = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const mops = randomMops(rng, kind, i);
    const snapshot = Math.max(0, states.length - 1 - rng.int(4));
    const { seen } = execute(states[snapshot]!, mops);
    const written = mops.filter(([f]) => f === "append").map(([, key]) => key as string);
    const conflict = written.some((key) => (lastWrite.get(key) ?? 0) > snapshot);
    const type = conflict ? "fail" : rng.chance(0.1) ? "info" : "ok";
    if (!conflict && (type === "ok" || rng.chance(0.5))) {
      states.push(execute(states.at(-1)!, mops).after);
      for (const key of written) lastWrite.set(key, states.length - 1);
    }
    run.push({ mops: type === "ok" ? seen : asInvoked(mops), type, commit: i });
  }
  return spread(rng, run);
}

/** No isolation at all: the micro-operations of concurrent transactions interleave on one state. */
export function chaoticRun(rng: Rng, kind: Kind, count: number): readonly (readonly Mop[])[] {
  const left = Array.from({ length: count }, (_, i) => [...randomMops(rng, kind, i)]);
  const done: Mop[][] = left.map(() => []);
  let state: State = new Map();
  for (let running = left.flatMap((mops, i) => (mops.length > 0 ? [i] : [])); running.length > 0;) {
    const i = rng.pick(running);
    const { after, seen } = execute(state, [left[i]!.shift()!]);
    state = after;
    done[i]!.push(...seen);
    running = left.flatMap((mops, j) => (mops.length > 0 ? [j] : []));
  }
  return done;
}

/** Whether the transactions, in this order, could have seen what they saw. */
export function isLegalOrder(order: readonly (readonly Mop[])[]): boolean {
  let state: State = new Map();
  for (const mops of order) {
    const { after, seen } = execute(state, mops);
    if (normal(seen) !== normal(mops)) return false;
    state = after;
  }
  return true;
}

export function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

function normal(mops: readonly Mop[]): string {
  return JSON.stringify(
    mops.map(([f, key, value]) => [f, key, f === "rs" ? [...(value as Json[])].sort() : value]),
  );
}

function randomMops(rng: Rng, kind: Kind, transaction: number): readonly Mop[] {
  const [write, read] = kind === "list" ? (["append", "r"] as const) : (["add", "rs"] as const);
  return Array.from({ length: 1 + rng.int(4) }, (_, i): Mop => {
    const key = rng.pick(["x", "y", "z"]);
    return rng.chance(0.5) ? [write, key, `${transaction}.${i}`] : [read, key, null];
  });
}

function execute(state: State, mops: readonly Mop[]): { readonly after: State; readonly seen: Mop[] } {
  const after = new Map(state);
  const seen = mops.map(([f, key, value]): Mop => {
    const items = after.get(key as string) ?? [];
    if (f === "r" || f === "rs") return [f, key, items];
    after.set(key as string, [...items, value]);
    return [f, key, value];
  });
  return { after, seen };
}

/** Gives each transaction an interval around its commit, and a process that is free for it. */
function spread(rng: Rng, run: readonly Executed[]): History {
  const times = run.map(({ commit }) => [commit - rng.float() * 4, commit + rng.float() * 4] as const);
  const moments = times
    .flatMap(([begin, end], i) => [
      { at: begin, i, begins: true },
      { at: end, i, begins: false },
    ])
    .sort((a, b) => a.at - b.at);
  const free: number[] = [];
  const processOf: number[] = [];
  let processes = 0;
  const events = moments.map(({ i, begins }): Event => {
    const { mops, type } = run[i]!;
    if (begins) {
      processOf[i] = free.shift() ?? processes++;
      return event(processOf[i], "invoke", asInvoked(mops));
    }
    if (type !== "info") free.push(processOf[i]!);
    return event(processOf[i]!, type, mops);
  });
  return fromEvents(events);
}
