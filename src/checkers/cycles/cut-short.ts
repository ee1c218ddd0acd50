/** Counts the searches that ended at their limit without an answer, and tells them in few sentences. */
export class CutShort {
  readonly #byType = new Map<string, { components: number; largest: number }>();

  /** @param size transactions in the component that was searched */
  add(type: string, size: number): void {
    const known = this.#byType.get(type);
    if (known === undefined) {
      this.#byType.set(type, { components: 1, largest: size });
      return;
    }
    known.components++;
    known.largest = Math.max(known.largest, size);
  }

  /** Whether a search for the type was cut short. */
  has(type: string): boolean {
    return this.#byType.has(type);
  }

  /** One for each type. */
  sentences(): readonly string[] {
    return [...this.#byType].map(([type, { components, largest }]) => {
      const where =
        components === 1
          ? `among ${largest} transactions that depend on each other`
          : `in ${components} groups of transactions that depend on each other, the largest of ${largest},`;
      return `The search for ${type} ${where} ended at its limit without an answer.`;
    });
  }
}
