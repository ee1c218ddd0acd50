/** Keeps what is asked for in its order, though what each of it needs first takes longer or shorter. */
export class Arrivals {
  /** Settles when all that was asked for so far has begun; undefined when it has. */
  #last: Promise<void> | undefined;

  /** Nothing that was asked for before waits for what it needs. */
  get isClear(): boolean {
    return this.#last === undefined;
  }

  /** Begins when what is needed is there, and all that was asked for before has begun. */
  begin<Needed, Result>(
    needed: Promise<Needed>,
    begin: (needed: Needed) => Promise<Result>,
  ): Promise<Result> {
    const before = this.#last;
    const begun = needed
      .finally(() => before)
      // In an object: what has begun need not have ended.
      .then((given) => ({ result: begin(given) }));
    const last = begun.then(
      () => undefined,
      () => undefined,
    );
    this.#last = last;
    void last.then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return begun.then(({ result }) => result);
  }
}
