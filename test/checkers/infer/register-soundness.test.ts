import fc from "fast-check";
import { expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import type { History } from "../../../src/history/history.ts";
import type { Json, Mop } from "../../../src/history/operation.ts";
import { type Rng, stream } from "../../../src/random/rng.ts";
import { asInvoked, event, type Event, fromEvents } from "../support/notation.ts";

const everything = { wfrKeys: true, sequentialKeys: true, linearizableKeys: true };
const seed = fc.nat().map(String);

/** A store whose transactions take effect one after the other, each at some moment while it runs. */
function serialStore(rng: Rng, processes: number, count: number): History {
  const open = new Map<number, { planned: readonly Mop[]; seen: readonly Mop[] | null; lost: boolean }>();
  const names = Array.from({ length: processes }, (_, i) => i);
  const events: Event[] = [];
  let state: ReadonlyMap<Json, Json> = new Map();
  let fresh = processes;
  let unique = 0;
  for (let left = count; left > 0 || open.size > 0;) {
    const slot = rng.int(processes);
    const running = open.get(slot);
    if (running === undefined) {
      if (left-- <= 0) continue;
      const planned = plan(rng, ["x", "y", "z", "u"], () => ++unique);
      open.set(slot, { planned, seen: null, lost: rng.chance(0.1) });
      events.push(event(names[slot]!, "invoke", asInvoked(planned)));
    } else if (running.seen === null && !running.lost) {
      const { seen, after } = execute(state, running.planned);
      state = after;
      open.set(slot, { ...running, seen });
    } else {
      open.delete(slot);
      const type = rng.chance(0.85) ? (running.seen === null ? "fail" : "ok") : "info";
      if (type !== "info") events.push(event(names[slot]!, type, running.seen ?? asInvoked(running.planned)));
      else {
        if (rng.chance(0.5)) events.push(event(names[slot]!, type, asInvoked(running.planned)));
        names[slot] = fresh++;
      }
    }
  }
  return fromEvents(events);
}

function plan(rng: Rng, keys: readonly string[], unique: () => number): readonly Mop[] {
  return Array.from({ length: 1 + rng.int(4) }, (): Mop => {
    const key = rng.pick(keys);
    return rng.chance(0.5) ? ["w", key, unique()] : ["r", key, null];
  });
}

function execute(
  state: ReadonlyMap<Json, Json>,
  mops: readonly Mop[],
): { readonly seen: readonly Mop[]; readonly after: ReadonlyMap<Json, Json> } {
  const after = new Map(state);
  const seen = mops.map(([kind, key, value]): Mop => {
    if (kind === "w") after.set(key, value);
    return [kind, key, after.get(key) ?? null];
  });
  return { seen, after };
}

test(
  "a store that runs one transaction after the other is never accused, whatever the user vouches for",
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 120 }),
        (s, processes, count) => {
          const history = serialStore(stream(s, "registers"), processes, count);
          for (const model of ["strict-serializable", "strong-session-serializable", "serializable"])
            expect(check(history, { model, ...everything })).toMatchObject({
              anomalyTypes: [],
              observed: [],
            });
        },
      ),
      { numRuns: 400 },
    );
  },
);

test(
  "up to five transactions are accused only where no serial order explains them",
  { timeout: 60_000 },
  () => {
    const seen = { legal: 0, accused: 0, refuted: 0 };
    fc.assert(
      fc.property(seed, fc.integer({ min: 2, max: 5 }), (s, count) => {
        const rng = stream(s, "oracle");
        let unique = 0;
        const planned = Array.from({ length: count }, () => plan(rng, ["x", "y"], () => ++unique));
        const values: Json[] = [
          null,
          ...planned.flatMap((mops) => mops.flatMap(([, , value]) => value ?? [])),
        ];
        const mutated = rng.chance(0.5);
        const answered = mutated
          ? planned.map((mops) => answers(rng, mops, planned, values))
          : serially(rng, planned);
        const history = fromEvents(
          answered.flatMap((mops, process) => [
            event(process, "invoke", asInvoked(mops)),
            event(process, "ok", mops),
          ]),
        );
        const [any, wfr, strict] = [
          check(history, { model: "serializable" }),
          check(history, { model: "serializable", wfrKeys: true }),
          check(history, { model: "strict-serializable", ...everything }),
        ];
        const legal = permutations(answered).some(isLegal);
        if (legal) expect([any.valid, wfr.valid]).not.toContain(false);
        if (isLegal(answered)) expect(strict.valid).not.toBe(false);
        seen.legal += Number(legal);
        seen.accused += Number(any.valid === false);
        seen.refuted += Number(wfr.valid === false && any.valid !== false);
      }),
      { numRuns: 2000, seed: 7 },
    );
    expect(seen.legal).toBeGreaterThan(300);
    expect(seen.accused).toBeGreaterThan(300);
    expect(seen.refuted).toBeGreaterThan(5);
  },
);

/** Each read shows any value that was ever written to its key. */
function answers(
  rng: Rng,
  mops: readonly Mop[],
  planned: readonly (readonly Mop[])[],
  values: readonly Json[],
): readonly Mop[] {
  return mops.map(([kind, key, value]): Mop => {
    const written = planned.flatMap((other) => other.filter(([k, of]) => k === "w" && of === key));
    const choices = values.filter((one) => one === null || written.some(([, , v]) => v === one));
    return kind === "w" ? [kind, key, value] : [kind, key, rng.pick(choices)];
  });
}

/** What they would see one after the other, in some order. */
function serially(rng: Rng, planned: readonly (readonly Mop[])[]): readonly (readonly Mop[])[] {
  const answered = [...planned];
  const left = planned.map((_, i) => i);
  let state: ReadonlyMap<Json, Json> = new Map();
  while (left.length > 0) {
    const [i] = left.splice(rng.int(left.length), 1);
    const { seen, after } = execute(state, planned[i!]!);
    state = after;
    answered[i!] = seen;
  }
  return answered;
}

function isLegal(order: readonly (readonly Mop[])[]): boolean {
  let state: ReadonlyMap<Json, Json> = new Map();
  return order.every((mops) => {
    const { seen, after } = execute(state, mops);
    state = after;
    return JSON.stringify(seen) === JSON.stringify(mops);
  });
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}
