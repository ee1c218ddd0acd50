import type { Json, Mop } from "../../../../src/history/operation.ts";
import type { Rng } from "../../../../src/random/rng.ts";
import { afterTransaction, empty, type State } from "./states.ts";
import type { Tiny } from "./tiny-history.ts";

/** Which objects a tiny history is about. */
export type TinyKind = "list" | "register" | "set";

/** How to make one. */
export interface TinySetup {
  readonly kind: TinyKind;
  readonly transactions: number;
  /** Reads of everything at the end, so that the order of all committed writes is known. */
  readonly finalReads: boolean;
}

const keys = ["x", "y"];

/** Every read is drawn from everything that was ever written to its key: mostly illegal. */
export function uniformRun(rng: Rng, setup: TinySetup): readonly Tiny[] {
  const planned = plans(rng, setup);
  const transactions = planned.map(({ mops, ...rest }) => ({
    ...rest,
    mops: mops.map(([kind, key, value]): Mop => [
      kind,
      key,
      isRead(kind) ? anyValue(rng, planned, [kind, key, null]) : value,
    ]),
  }));
  return setup.finalReads
    ? [...transactions, finalReads(setup, stateAfter(transactions), transactions.length)]
    : transactions;
}

/**
 * A legal run (serial, or with old snapshots) in which a few things were then changed: reads, outcomes.
 */
export function nearlyLegalRun(rng: Rng, setup: TinySetup): readonly Tiny[] {
  const planned = plans(rng, setup);
  const states: State[] = [empty];
  const reach = 1 + rng.int(3);
  const executed = planned.map((transaction): Tiny => {
    const snapshot = states.at(-1 - rng.int(Math.min(reach, states.length)))!;
    const mops = answered(snapshot, transaction.mops);
    const happens = transaction.type === "ok" || (transaction.type === "info" && rng.chance(0.5));
    if (happens) states.push(afterTransaction(states.at(-1)!, mops, "unknown")!);
    return { ...transaction, mops };
  });
  const all = setup.finalReads ? [...executed, finalReads(setup, states.at(-1)!, executed.length)] : executed;
  let changed: readonly Tiny[] = all;
  for (let i = rng.int(3); i > 0; i--) changed = withOneChange(rng, changed);
  return changed;
}

function plans(rng: Rng, { kind, transactions }: TinySetup): readonly Tiny[] {
  let unique = 1;
  const drawn = Array.from({ length: transactions }, (_, i) => {
    const mops = Array.from({ length: 1 + rng.int(3) }, (): Mop => {
      const key = rng.pick(keys);
      if (rng.chance(0.5)) return [kind === "set" ? "rs" : "r", key, null];
      return [kind === "list" ? "append" : kind === "set" ? "add" : "w", key, unique++];
    });
    const type: Tiny["type"] = rng.chance(0.75) ? "ok" : rng.chance(0.7) ? "info" : "fail";
    return { mops, type, tells: type === "ok" || (type === "info" && rng.chance(0.4)), i };
  });
  return schedule(rng, drawn);
}

/** Intervals that overlap more or less, on a few processes; one that ended in info never acts again. */
function schedule(
  rng: Rng,
  drawn: readonly (Pick<Tiny, "mops" | "type" | "tells"> & { readonly i: number })[],
): readonly Tiny[] {
  const spread = rng.pick([0.5, 2, 5]);
  const busy: { free: number; dead: boolean }[] = [];
  const placed = drawn
    .map(({ i, ...rest }) => ({
      ...rest,
      i,
      begin: i - rng.float() * spread,
      end: i + rng.float() * spread,
    }))
    .sort((a, b) => a.begin - b.begin)
    .map(({ i, begin, end, ...rest }) => {
      let process = busy.findIndex(({ free, dead }) => !dead && free < begin);
      if (process < 0) process = busy.push({ free: end, dead: false }) - 1;
      busy[process] = { free: end, dead: rest.type === "info" };
      return { i, transaction: { ...rest, process, begin, end } };
    });
  return placed.sort((a, b) => a.i - b.i).map(({ transaction }) => transaction);
}

function finalReads({ kind }: TinySetup, state: State, count: number): Tiny {
  const read = kind === "set" ? "rs" : "r";
  const mops = answered(
    state,
    keys.map((key): Mop => [read, key, null]),
  );
  return { mops, type: "ok", tells: true, process: count + 1, begin: count + 100, end: count + 101 };
}

function answered(before: State, mops: readonly Mop[]): readonly Mop[] {
  let state = before;
  return mops.map((mop): Mop => {
    const [kind, key, value] = mop;
    if (isRead(kind)) return [kind, key, state.get(JSON.stringify(key)) ?? (kind === "rs" ? [] : null)];
    state = afterTransaction(state, [mop], "unknown")!;
    return [kind, key, value];
  });
}

function stateAfter(transactions: readonly Tiny[]): State {
  return transactions
    .filter(({ type }) => type === "ok")
    .reduce<State>((state, { mops }) => afterTransaction(state, mops, "unknown")!, empty);
}

function withOneChange(rng: Rng, transactions: readonly Tiny[]): readonly Tiny[] {
  const at = rng.int(transactions.length);
  const transaction = transactions[at]!;
  const reads = [...transaction.mops.keys()].filter((i) => isRead(transaction.mops[i]![0]));
  const change = (changed: Partial<Tiny>): readonly Tiny[] =>
    transactions.with(at, { ...transaction, ...changed });
  const changedOutcome = (): readonly Tiny[] => {
    const type = rng.pick(["ok", "info", "fail"] as const);
    return change({ type, tells: type === "ok" });
  };
  if (reads.length === 0) return rng.chance(0.3) ? changedOutcome() : transactions;
  const mop = rng.pick(reads);
  const wrong = otherValue(rng, transactions, transaction.mops[mop]!);
  return change({ mops: transaction.mops.with(mop, wrong) });
}

function otherValue(rng: Rng, transactions: readonly Tiny[], [kind, key, value]: Mop): Mop {
  const seenElsewhere = transactions
    .flatMap(({ mops }) => mops)
    .filter(([f, k, v]) => f === kind && k === key && v !== null)
    .map(([, , v]) => v);
  if (rng.chance(0.5) && seenElsewhere.length > 0) return [kind, key, rng.pick(seenElsewhere)];
  if (!Array.isArray(value) || value.length === 0)
    return [kind, key, anyValue(rng, transactions, [kind, key, null])];
  const items = value as readonly Json[];
  const cut = rng.int(items.length);
  const without = items.filter((_, i) => i !== cut);
  return [
    kind,
    key,
    rng.pick([without, items.slice(0, cut), without.toSpliced(rng.int(without.length + 1), 0, items[cut]!)]),
  ];
}

/** Anything that a read of the key might answer if nothing were promised at all. */
function anyValue(rng: Rng, transactions: readonly Tiny[], [kind, key]: Mop): Json {
  const written = transactions
    .flatMap(({ mops }) => mops)
    .filter(([f, k]) => !isRead(f) && k === key)
    .map(([, , element]) => element);
  const isRegister = transactions.some(({ mops }) => mops.some(([f]) => f === "w"));
  if (kind === "r" && isRegister) return rng.pick([null, ...written]);
  const chosen: Json[] = [];
  for (const element of written)
    if (rng.chance(0.6))
      chosen.splice(rng.int(rng.chance(0.7) ? 1 : chosen.length + 1) || chosen.length, 0, element);
  return chosen;
}

function isRead(kind: string): boolean {
  return kind === "r" || kind === "rs";
}
