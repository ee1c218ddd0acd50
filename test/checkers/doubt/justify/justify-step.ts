import type { Step } from "../../../../src/checkers/verdict.ts";
import { accesses, type Numbers, readsOf, text, type Told } from "./facts.ts";

/** What edges are judged by. */
export interface World {
  readonly all: readonly Told[];
  /** Those that surely happened. */
  readonly sure: ReadonlySet<Told>;
  readonly numbers: Numbers;
  /** Whether one value of a register surely came before another of the same key. */
  readonly registerOrder: (key: string, earlier: string | null, later: string) => boolean;
}

/**
 * Whether the history itself shows that `to` depends on `from` in the way the step says. Written from
 * the definitions of the dependencies (Adya 1999, section 4.4; Elle 2020, section 4.2), not from the
 * inference.
 */
export function isJustified(world: World, { type, key, value }: Step, from: Told, to: Told): boolean {
  if (from === to) return false;
  const k = text(key);
  const v = text(value);
  switch (type) {
    case "process":
      return (
        from.outcome === "ok" &&
        to.outcome === "ok" &&
        from.process === to.process &&
        from.completed < to.invoked
      );
    case "realtime":
      return from.outcome === "ok" && from.completed < to.invoked;
    case "wr":
      return (
        writes(from, k, v) &&
        reads(world, to, k).some((shown) => (isSet(world, k) ? shown.includes(v) : shown.at(-1) === v))
      );
    case "rwp":
      return (
        reads(world, from, k).some((shown) => !shown.includes(v)) && writes(to, k, v) && world.sure.has(to)
      );
    case "ww":
      return (
        writes(to, k, v) &&
        predecessors(world, k, v).some((earlier) => earlier !== null && writes(from, k, earlier))
      );
    case "rw":
      return (
        writes(to, k, v) &&
        predecessors(world, k, v).some((earlier) =>
          reads(world, from, k).some((shown) => (shown.at(-1) ?? null) === earlier),
        )
      );
  }
}

/** What may stand right before a version; null is the state before all writes. */
function predecessors(world: World, key: string, element: string): readonly (string | null)[] {
  if (isRegister(world, key)) {
    const candidates = [null, ...world.all.flatMap((one) => written(one, key))];
    return candidates.filter((earlier) => earlier !== element && world.registerOrder(key, earlier, element));
  }
  const orders = longestReads(world, key);
  return orders.map((order) => {
    const at = order.indexOf(element);
    // What nobody saw comes after everything that somebody saw.
    return at < 0 ? (order.at(-1) ?? null) : (order[at - 1] ?? null);
  });
}

/** The longest reads of a list, without elements that nobody wrote or that come again. */
function longestReads(world: World, key: string): readonly (readonly string[])[] {
  const lists = world.all.flatMap((one) => reads(world, one, key));
  const length = Math.max(0, ...lists.map((list) => list.length));
  if (length === 0) return [[]];
  const known = new Set(world.all.flatMap((one) => written(one, key)));
  return lists
    .filter((list) => list.length === length)
    .map((list) => [...new Set(list)].filter((element) => known.has(element)));
}

/** What a transaction that surely happened read of a key. */
function reads({ sure }: World, one: Told, key: string): readonly (readonly string[])[] {
  if (!sure.has(one)) return [];
  return readsOf(one)
    .filter((access) => access.key === key)
    .map(({ shown }) => shown);
}

function written(one: Told, key: string): readonly string[] {
  return accesses(one).flatMap((access) =>
    access.key === key && access.written !== undefined ? [access.written] : [],
  );
}

function writes(one: Told, key: string, element: string): boolean {
  return one.outcome !== "fail" && written(one, key).includes(element);
}

function isSet({ all }: World, key: string): boolean {
  return all.some(({ mops }) =>
    mops.some(([kind, name]) => (kind === "rs" || kind === "add") && text(name) === key),
  );
}

function isRegister({ all }: World, key: string): boolean {
  return all.some(({ mops }) => mops.some(([kind, name]) => kind === "w" && text(name) === key));
}
