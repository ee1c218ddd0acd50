import { type IndexChoice, weighted } from "../random/index-choice.ts";
import type { Context, Draw, Generator } from "./generator.ts";

/** A generator and how often it is drawn from, relative to its neighbours. */
export type Weighted<T> = readonly [weight: number, generator: Generator<T>];

/**
 * Draws each operation from one of the generators, chosen at random by weight. One that is done
 * drops out and leaves its share to the others; one that has nothing for the asking session is passed
 * over for this draw. Done when all are.
 *
 * Cost: O(generators) per draw, on top of the chosen one.
 *
 * @throws RangeError unless every weight is a finite number above 0
 */
export function mix<T>(branches: readonly Weighted<T>[]): Generator<T> {
  for (const [weight] of branches)
    if (!Number.isFinite(weight) || weight <= 0)
      throw new RangeError(`mix() needs weights that are finite and above 0, got ${weight}`);
  return mixOf(branches, chooserOf(branches));
}

function mixOf<T>(branches: readonly Weighted<T>[], choose: IndexChoice): Generator<T> {
  return { draw: (context) => drawFrom(branches, choose, context) };
}

function drawFrom<T>(branches: readonly Weighted<T>[], choose: IndexChoice, context: Context): Draw<T> {
  const passedOver: Weighted<T>[] = [];
  let until = Infinity;
  let candidates = branches;
  let chooser = choose;
  while (candidates.length > 0) {
    const chosen = chooser(context.rng);
    const candidate = candidates[chosen];
    if (candidate === undefined) throw new Error(`position ${chosen} is none of the generators left`);
    const [weight, generator] = candidate;
    const drawn = generator.draw(context);
    if (drawn.kind === "operation") {
      const left = [...passedOver, ...candidates.with(chosen, [weight, drawn.rest])];
      // Only a full set keeps its order, and with it the meaning of the chooser's positions.
      return { ...drawn, rest: mixOf(left, candidates === branches ? choose : chooserOf(left)) };
    }
    if (drawn.kind === "wait") {
      passedOver.push([weight, drawn.rest]);
      until = Math.min(until, drawn.until);
    }
    candidates = candidates.toSpliced(chosen, 1);
    chooser = chooserOf(candidates);
  }
  if (passedOver.length === 0) return { kind: "done" };
  return { kind: "wait", until, rest: mixOf(passedOver, chooserOf(passedOver)) };
}

function chooserOf<T>(branches: readonly Weighted<T>[]): IndexChoice {
  return branches.length === 0 ? () => 0 : weighted(branches.map(([weight]) => weight));
}
