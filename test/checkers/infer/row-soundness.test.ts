import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import type { History } from "../../../src/history/history.ts";
import type { Mop } from "../../../src/history/operation.ts";
import { type Rng, stream } from "../../../src/random/rng.ts";
import { permutations } from "../support/stores.ts";
import {
  act,
  beginning,
  historyOf,
  type Kind,
  outcome,
  program,
  type Ran,
  type Regime,
  type Row,
  run,
  type State,
  written,
} from "./row-stores.ts";

const seed = fc.nat().map(String);
const kinds: readonly Kind[] = ["versioned", "plain", "numbered"];
const regime = fc.record({ kind: fc.constantFrom(...kinds), calm: fc.boolean() });

/** One transaction after the other. With `blind`, some reads come from an older state. */
function serialRun(rng: Rng, of: Regime, count: number, blind = false): History {
  const start = beginning(rng, of.kind);
  const states: State[] = [start];
  const ran: Ran[] = [];
  for (let i = 0; i < count; i++) {
    const state = states.at(-1)!;
    const done = run(state, program(rng, of, i), of.kind);
    const type = outcome(rng, of);
    if (type === "ok" || (type === "info" && rng.chance(0.5))) states.push(done.after);
    const old = states[Math.max(0, states.length - 4)]!;
    const isRead = done.mops.every(([f]) => f === "r" || f === "rp");
    ran.push({ ...(blind && isRead && type === "ok" ? run(old, done.actions, of.kind) : done), type });
  }
  return historyOf(rng, start, ran, of.kind, true);
}

/** Snapshots, possibly old ones; the first to commit a row wins. */
function snapshotRun(rng: Rng, of: Regime, count: number): History {
  const start = beginning(rng, of.kind);
  const states: State[] = [start];
  const lastWrite = new Map<string, number>();
  const ran: Ran[] = [];
  for (let i = 0; i < count; i++) {
    const snapshot = Math.max(0, states.length - 1 - rng.int(4));
    const done = run(states[snapshot]!, program(rng, of, i), of.kind);
    const own = written(done.mops);
    const conflict = own.some((key) => (lastWrite.get(key) ?? 0) > snapshot);
    const type = conflict ? "fail" : outcome(rng, of);
    if ((type === "ok" || (type === "info" && rng.chance(0.5))) && own.length > 0) {
      const after = new Map(states.at(-1));
      for (const key of own) {
        const row = done.after.get(key);
        if (row === undefined) after.delete(key);
        else after.set(key, row);
        lastWrite.set(key, states.length);
      }
      states.push(after);
    }
    ran.push({ ...done, type });
  }
  return historyOf(rng, start, ran, of.kind, false);
}

/** Each action sees what is committed, and locks the rows it writes to the end; who must wait gives up. */
function readCommittedRun(rng: Rng, of: Regime, count: number): History {
  const start = beginning(rng, of.kind);
  let committed = start;
  const ran: Ran[] = [];
  const locks = new Map<string, number>();
  const begin = (i: number) => ({
    i,
    left: [...program(rng, of, i)],
    own: new Map<string, Row>(),
    gone: new Set<string>(),
    read: new Map<string, Row>(),
    actions: [] as Ran["actions"][number][],
    mops: [] as Mop[],
  });
  const active = [begin(0)];
  let next = 1;
  while (active.length > 0) {
    if (next < count && rng.chance(0.4)) active.push(begin(next++));
    const at = rng.int(active.length);
    const one = active[at]!;
    const action = one.left.shift();
    const end = (type: Ran["type"], effect: boolean): void => {
      if (effect) committed = view(committed, one);
      for (const [key, holder] of locks) if (holder === one.i) locks.delete(key);
      ran.push({ actions: one.actions, mops: one.mops, type });
      active.splice(at, 1);
      if (active.length === 0 && next < count) active.push(begin(next++));
    };
    if (action === undefined) {
      const type = outcome(rng, of);
      end(type, type === "ok" || (type === "info" && rng.chance(0.5)));
      continue;
    }
    const seen = view(committed, one);
    const result = act(seen, action, of.kind, one.read);
    const locked = result === null ? [] : written([result.mop]);
    if (locked.some((key) => (locks.get(key) ?? one.i) !== one.i)) {
      end("fail", false);
      continue;
    }
    if (result === null) continue;
    for (const key of locked) {
      locks.set(key, one.i);
      const row = result.after.get(key);
      one.gone.delete(key);
      one.own.delete(key);
      if (row === undefined) one.gone.add(key);
      else one.own.set(key, row);
    }
    one.actions.push(action);
    one.mops.push(result.mop);
  }
  return historyOf(rng, start, ran, of.kind, false);
}

function view(
  committed: State,
  { own, gone }: { readonly own: State; readonly gone: ReadonlySet<string> },
): State {
  const seen = new Map([...committed, ...own]);
  for (const key of gone) seen.delete(key);
  return seen;
}

/** No isolation at all: the actions interleave on one state, and everybody commits. */
function chaos(rng: Rng, of: Regime, count: number): { readonly start: State; readonly ran: readonly Ran[] } {
  const start = beginning(rng, of.kind);
  let state = start;
  const left = Array.from({ length: count }, (_, i) => [...program(rng, of, i)]);
  const read = left.map(() => new Map<string, Row>());
  const ran = left.map(() => ({
    actions: [] as Ran["actions"][number][],
    mops: [] as Mop[],
    type: outcome(rng, of) === "ok" ? ("ok" as const) : ("info" as const),
  }));
  for (let running = [...left.keys()]; running.length > 0;) {
    const i = rng.pick(running);
    const action = left[i]!.shift()!;
    const result = act(state, action, of.kind, read[i]!);
    if (result !== null) {
      state = result.after;
      ran[i]!.actions.push(action);
      ran[i]!.mops.push(result.mop);
    }
    running = running.filter((j) => left[j]!.length > 0);
  }
  return { start, ran: ran.filter(({ mops }) => mops.length > 0) };
}

/** Whether some serial order of all that committed, and some of the rest, gives what was seen. */
function isExplained(start: State, ran: readonly Ran[], of: Regime): boolean {
  const unsure = ran.filter(({ type }) => type === "info");
  const sure = ran.filter(({ type }) => type === "ok");
  for (let chosen = 0; chosen < 1 << unsure.length; chosen++) {
    const all = [...sure, ...unsure.filter((_, i) => (chosen & (1 << i)) !== 0)];
    if (permutations(all).some((order) => isLegal(start, order, of))) return true;
  }
  return false;
}

function isLegal(start: State, order: readonly Ran[], of: Regime): boolean {
  let state = start;
  for (const { actions, mops, type } of order) {
    const { after, mops: replayed } = run(state, actions, of.kind);
    if (replayed.length !== mops.length) return false;
    if (type === "ok" && JSON.stringify(replayed) !== JSON.stringify(mops)) return false;
    state = after;
  }
  return true;
}

describe("never accuses", () => {
  test("a serial store, under any model", () => {
    fc.assert(
      fc.property(seed, regime, fc.integer({ min: 1, max: 40 }), (s, k, count) => {
        const history = serialRun(stream(s, "serial"), k, count);
        for (const model of ["strict-serializable", "serializable"]) {
          const { anomalyTypes, observed } = check(history, { model });
          expect(anomalyTypes).toEqual([]);
          // A naive write may take a number that the row had passed; then the same one comes twice.
          expect(observed.filter((type) => k.calm || type !== "tied-versions")).toEqual([]);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("a store with snapshots of more than snapshot isolation forbids", () => {
    fc.assert(
      fc.property(seed, regime, fc.integer({ min: 1, max: 40 }), (s, k, count) => {
        const history = snapshotRun(stream(s, "snapshot"), k, count);
        expect(check(history, { model: "snapshot-isolation" }).anomalyTypes).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test("a store at read committed of more than read committed forbids", () => {
    fc.assert(
      fc.property(seed, regime, fc.integer({ min: 1, max: 40 }), (s, k, count) => {
        const history = readCommittedRun(stream(s, "committed"), k, count);
        expect(check(history, { model: "read-committed" }).anomalyTypes).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test("up to five transactions for which a legal serial order exists", () => {
    const seen = { legal: 0, accused: 0 };
    fc.assert(
      fc.property(seed, regime, fc.integer({ min: 2, max: 5 }), (s, k, count) => {
        const rng = stream(s, "chaos");
        const { start, ran } = chaos(rng, k, count);
        const { valid, observed } = check(historyOf(rng, start, ran, k.kind, false), {
          model: "serializable",
        });
        const legal = isExplained(start, ran, k);
        seen.legal += Number(legal);
        seen.accused += Number(valid === false);
        if (legal) expect({ valid, observed }).not.toMatchObject({ valid: false });
      }),
      { numRuns: 3000, seed: 42 },
    );
    // Both sides of the claim were put to the test.
    expect(seen.legal).toBeGreaterThan(300);
    expect(seen.accused).toBeGreaterThan(300);
  });
});

describe("catches", () => {
  const share = (make: (rng: Rng, k: Regime) => History, model: string, k: Regime): number =>
    Array.from({ length: 40 }, (_, i) => check(make(stream(String(i), "bug"), k), { model })).filter(
      ({ valid }) => valid === false,
    ).length;

  test.each(kinds)("stale reads of %s rows", (k) => {
    const stale = (rng: Rng, of: Regime): History => serialRun(rng, of, 60, true);
    expect(share(stale, "strict-serializable", { kind: k, calm: true })).toBeGreaterThan(35);
    expect(share(stale, "strict-serializable", { kind: k, calm: false })).toBeGreaterThan(10);
  });

  test.each(kinds)("snapshots of %s rows at being no serial store", (k) => {
    const snapshots = (rng: Rng, of: Regime): History => snapshotRun(rng, of, 60);
    expect(share(snapshots, "serializable", { kind: k, calm: true })).toBeGreaterThan(20);
  });

  test.each(kinds)("read committed of %s rows at having no snapshots", (k) => {
    const committed = (rng: Rng, of: Regime): History => readCommittedRun(rng, of, 60);
    expect(share(committed, "snapshot-isolation", { kind: k, calm: true })).toBeGreaterThan(35);
    expect(share(committed, "snapshot-isolation", { kind: k, calm: false })).toBeGreaterThan(10);
  });
});
