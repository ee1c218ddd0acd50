import { type Path, pathLength } from "./cycle-search.ts";

/** In how many components cycles of a type were found. Nodes are the graph's. */
export interface CycleCases {
  readonly components: number;
  /** Some of them have transactions beside the cycle that was found, or a search for the type was cut short. */
  readonly more: boolean;
  /** Transactions on the cycles that were found, one for each component. */
  readonly transactions: number;
  /** The first of them, as a node. */
  readonly first: number;
}

/** A strongly connected component. */
interface Component {
  /** Nodes of the graph. */
  readonly members: Int32Array;
  /** How many of them are transactions. */
  readonly transactions: number;
}

/** Counts the components in which cycles of each type were found. Constant for each but for the cycle's length. */
export class CycleCounter {
  readonly #byType = new Map<string, CycleCases>();
  /** By type: the components that count, by their first members. */
  readonly #counted = new Map<string, Set<number>>();
  readonly #isHelper: (node: number) => boolean;

  /** @param isHelper whether a node of the graph stands for no transaction */
  constructor(isHelper: (node: number) => boolean) {
    this.#isHelper = isHelper;
  }

  /** Counts a component by a cycle that was found in it, unless it counts for the type already. */
  add(type: string, path: Path, { members, transactions }: Component): void {
    const counted = this.#counted.get(type) ?? new Set();
    const id = members[0] ?? -1;
    if (counted.has(id)) return;
    this.#counted.set(type, counted.add(id));
    const none = { components: 0, more: false, transactions: 0, first: Infinity };
    const known = this.#byType.get(type) ?? none;
    const passed = pathLength(path, this.#isHelper);
    this.#byType.set(type, {
      components: known.components + 1,
      more: known.more || transactions > passed,
      transactions: known.transactions + passed,
      first: path.reduce(
        (first, node) => (this.#isHelper(node) ? first : Math.min(first, node)),
        known.first,
      ),
    });
  }

  /** @param wasCutShort whether a search for a type was */
  cases(wasCutShort: (type: string) => boolean): ReadonlyMap<string, CycleCases> {
    return new Map(
      [...this.#byType].map(([type, one]) => [type, { ...one, more: one.more || wasCutShort(type) }]),
    );
  }
}
