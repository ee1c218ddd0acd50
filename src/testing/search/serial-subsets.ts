import type { Plan } from "../../generators/plan.ts";
import { inOrder } from "../../runner/shrink-plan.ts";

/** With more functions than that, not every order of them is tried. */
const everyOrderUpTo = 3;

/**
 * Which of a race's functions can be looked at without the others: those that break nothing when they run one after
 * another, in any order. For others the invariant says something about functions that are missing.
 */
export class SerialSubsets {
  readonly #isClean: (plan: Plan) => Promise<boolean>;
  readonly #known = new Map<string, boolean>();

  /** @param isClean whether a plan breaks nothing when its sessions run one after another */
  constructor(isClean: (plan: Plan) => Promise<boolean>) {
    this.#isClean = isClean;
  }

  /** Whether no serial order of the plan's functions breaks anything. At most six executions, once for each set. */
  async holds(plan: Plan): Promise<boolean> {
    const key = plan.sessions
      .flatMap((entries) => entries.map(({ id }) => id))
      .sort((a, b) => a - b)
      .join(" ");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const holds = await this.#allClean(plan);
    this.#known.set(key, holds);
    return holds;
  }

  async #allClean(plan: Plan): Promise<boolean> {
    for (const order of ordersOf(plan.sessions.length))
      if (!(await this.#isClean(inOrder(plan, order)))) return false;
    return true;
  }
}

/** All orders of a few; of many, each first once. */
function ordersOf(count: number): readonly (readonly number[])[] {
  const all = Array.from({ length: count }, (_, i) => i);
  if (count <= everyOrderUpTo) return permutations(all);
  return all.map((first) => [...all.slice(first), ...all.slice(0, first)]);
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
