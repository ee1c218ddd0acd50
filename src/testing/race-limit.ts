/** What ends a race. */
interface Limits {
  /** In milliseconds. */
  readonly timeLimitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** When a race is to end, if it does not end by itself before. */
export class RaceLimit {
  /** Aborted by the user's own signal, or when the time is over. */
  readonly stop: AbortSignal;
  readonly #time: AbortSignal | undefined;

  /** The time begins now. */
  constructor({ timeLimitMs, signal }: Limits) {
    this.#time =
      timeLimitMs === undefined ? undefined : AbortSignal.timeout(Math.max(1, Math.ceil(timeLimitMs)));
    this.stop = AbortSignal.any([signal, this.#time].filter((one) => one !== undefined));
  }

  /** Whether something comes before the time is over. @param work must not reject */
  async inTime(work: Promise<unknown>): Promise<boolean> {
    const time = this.#time;
    const comes = work.then(() => true);
    if (time === undefined) return comes;
    if (time.aborted) return false;
    const over = new Promise<boolean>((resolve) => {
      time.addEventListener(
        "abort",
        () => {
          resolve(false);
        },
        { once: true },
      );
    });
    return Promise.race([comes, over]);
  }

  /** The time is over. */
  get timedOut(): boolean {
    return this.#time?.aborted === true;
  }
}
