/** A wait for a connection; to be called when it is over, with what hands the connection on. */
export type EndOfWait = (hand?: () => void) => void;

interface Wait {
  /** Ends it, once its connection is there. */
  end?: () => void;
}

/** The connections that a session's code has asked pools for and has not been given. */
export class ConnectionWaits {
  #waiting = 0;
  #starved = 0;
  /** Ends those that can be ended. */
  readonly #giveUps = new Set<(error: Error) => void>();
  /** Those for connections that are being made, in the order in which they were asked for. */
  readonly #making: Wait[] = [];

  get waiting(): number {
    return this.#waiting;
  }

  /** Of pools that have none left. */
  get starved(): number {
    return this.#starved;
  }

  /**
   * Connections of pools that are being made are handed on in the order in which they were asked for, however long each
   * of them takes: in that order their statements come.
   *
   * @param full the pool has none left
   * @param giveUp ends the wait with an error, if it is one for a pool
   * @param onEnd called before the connection is handed on
   */
  begin(full: boolean, giveUp: ((error: Error) => void) | undefined, onEnd: () => void): EndOfWait {
    if (giveUp !== undefined) this.#giveUps.add(giveUp);
    this.#waiting++;
    if (full) this.#starved++;
    const wait: Wait = {};
    const isInLine = giveUp !== undefined && !full;
    if (isInLine) this.#making.push(wait);
    let isOver = false;
    return (hand) => {
      if (isOver) return;
      isOver = true;
      const end = (): void => {
        if (giveUp !== undefined) this.#giveUps.delete(giveUp);
        this.#waiting--;
        if (full) this.#starved--;
        onEnd();
        hand?.();
      };
      if (!isInLine) end();
      else {
        wait.end = end;
        this.#handOn();
      }
    };
  }

  /** Ends all of them with an error. */
  giveUp(error: Error): void {
    for (const giveUp of this.#giveUps) {
      this.#giveUps.delete(giveUp);
      giveUp(error);
    }
  }

  #handOn(): void {
    while (this.#making[0]?.end !== undefined) this.#making.shift()?.end?.();
  }
}
