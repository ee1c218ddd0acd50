const nothing: readonly number[] = [];

/** Of each key a set of versions that changes from moment to moment, and what it was before. */
export class Timelines {
  readonly #moments: (number[] | undefined)[];
  readonly #sets: ((readonly number[])[] | undefined)[];

  constructor(keys: number) {
    this.#moments = new Array<number[] | undefined>(keys);
    this.#sets = new Array<(readonly number[])[] | undefined>(keys);
  }

  /** The set of the latest moment. */
  now(key: number): readonly number[] {
    return this.#sets[key]?.at(-1) ?? nothing;
  }

  /** The set at a moment: the last change at or before it. Logarithmic. */
  at(key: number, moment: number): readonly number[] {
    const moments = this.#moments[key] ?? [];
    let low = 0;
    let high = moments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((moments[middle] ?? 0) <= moment) low = middle + 1;
      else high = middle;
    }
    return this.#sets[key]?.[low - 1] ?? nothing;
  }

  /** Sets a key's versions from a moment on, which is none before the last change. */
  change(key: number, moment: number, set: readonly number[]): void {
    const moments = this.#moments[key];
    const sets = this.#sets[key];
    if (moments === undefined || sets === undefined) {
      this.#moments[key] = [moment];
      this.#sets[key] = [set];
      return;
    }
    const last = sets.at(-1) ?? nothing;
    if (last.length === set.length && last.every((version) => set.includes(version))) return;
    moments.push(moment);
    sets.push(set);
  }
}
