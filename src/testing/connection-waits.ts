/** The connections that a session's code has asked pools for and has not been given. */
export class ConnectionWaits {
  #waiting = 0;
  #starved = 0;
  /** Ends those that can be ended. */
  readonly #giveUps = new Set<(error: Error) => void>();

  get waiting(): number {
    return this.#waiting;
  }

  /** Of pools that have none left. */
  get starved(): number {
    return this.#starved;
  }

  /**
   * @param full the pool has none left
   * @param giveUp ends the wait with an error
   * @returns to be called when the wait is over; answers whether it was not yet
   */
  begin(full: boolean, giveUp?: (error: Error) => void): () => boolean {
    if (giveUp !== undefined) this.#giveUps.add(giveUp);
    this.#waiting++;
    if (full) this.#starved++;
    let isOver = false;
    return () => {
      if (isOver) return false;
      isOver = true;
      if (giveUp !== undefined) this.#giveUps.delete(giveUp);
      this.#waiting--;
      if (full) this.#starved--;
      return true;
    };
  }

  /** Ends all of them with an error. */
  giveUp(error: Error): void {
    for (const giveUp of this.#giveUps) {
      this.#giveUps.delete(giveUp);
      giveUp(error);
    }
  }
}
