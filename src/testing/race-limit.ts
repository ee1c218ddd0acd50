import type { RaceOptions } from "./race-options.ts";

/** When a race is to end, if it does not end by itself before. */
export class RaceLimit {
  /** Aborted by the user's own signal, or when the time is over. */
  readonly stop: AbortSignal;
  readonly #time: AbortSignal | undefined;

  /** The time begins now. */
  constructor({ timeLimitMs, signal }: Pick<RaceOptions, "timeLimitMs" | "signal">) {
    this.#time =
      timeLimitMs === undefined ? undefined : AbortSignal.timeout(Math.max(1, Math.ceil(timeLimitMs)));
    this.stop = AbortSignal.any([signal, this.#time].filter((one) => one !== undefined));
  }

  /** The time is over. */
  get timedOut(): boolean {
    return this.#time?.aborted === true;
  }
}
