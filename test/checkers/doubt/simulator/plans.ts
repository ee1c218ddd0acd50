import type { Rng } from "../../../../src/random/rng.ts";
import type { Planned } from "./database.ts";
import type { Kind } from "./objects.ts";

/** Few objects of each kind at a time, so that transactions meet. */
const keysPerKind = 3;
/** After so many planned writes an object is replaced by a fresh one, so that values stay short. */
const writesPerKey = 10;

/**
 * Draws transactions of one to six micro-operations, with repeated reads and writes of the same object
 * among them. Every write is unique: its element is `<transaction>.<position>`.
 */
export class Plans {
  readonly #rng: Rng;
  readonly #kinds: readonly Kind[];
  readonly #active: string[] = [];
  readonly #writes = new Map<string, number>();
  #transactions = 0;

  constructor(rng: Rng, kinds: readonly Kind[]) {
    this.#rng = rng;
    this.#kinds = kinds;
    for (const kind of kinds) for (let i = 0; i < keysPerKind; i++) this.#active.push(this.#fresh(kind));
  }

  /** Every object there was. */
  get keys(): readonly string[] {
    return [...this.#writes.keys()];
  }

  draw(): readonly Planned[] {
    const transaction = this.#transactions++;
    const readOnly = this.#rng.chance(0.3);
    const length = 1 + this.#rng.int(readOnly ? 4 : 6);
    let key = this.#rng.pick(this.#active);
    return Array.from({ length }, (_, position): Planned => {
      if (!this.#rng.chance(0.35)) key = this.#rng.pick(this.#active);
      if (readOnly || this.#rng.chance(0.5)) return { key };
      this.#written(key);
      return { key, element: `${transaction}.${position}` };
    });
  }

  #written(key: string): void {
    const writes = (this.#writes.get(key) ?? 0) + 1;
    this.#writes.set(key, writes);
    const at = this.#active.indexOf(key);
    if (writes >= writesPerKey && at >= 0)
      this.#active[at] = this.#fresh(this.#kinds.find((kind) => key.startsWith(kind))!);
  }

  #fresh(kind: Kind): string {
    const key = `${kind}/${this.#writes.size}`;
    this.#writes.set(key, 0);
    return key;
  }
}
