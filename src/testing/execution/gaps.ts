import { oneLine } from "../report/error-text.ts";

/** Tells by what an execution falls short of all schedules; each thing once, as a sentence. */
export class Gaps {
  readonly #sentences = new Set<string>();
  readonly #mostRepeats: number;
  readonly #patienceMs: number;

  /**
   * @param mostRepeats so many times in a row may a session send the same while others could go on
   * @param patienceMs so long is a session waited for that waits for something else
   */
  constructor(mostRepeats: number, patienceMs: number) {
    this.#mostRepeats = mostRepeats;
    this.#patienceMs = patienceMs;
  }

  /** A session was not asked while the others could go on, since it repeats itself. */
  passedOver(name: string): void {
    this.#sentences.add(
      `${name} sent one statement more than ${this.#mostRepeats} times in a row, with the same answer: the others were let go on then, so these are not all schedules.`,
    );
  }

  /** It came back by itself from something that is not the database, after others had gone on without it. */
  cameLate(name: string): void {
    this.#sentences.add(
      `${name} waited longer than ${this.#patienceMs} ms for something that is not the database: the others were gone on with meanwhile, and what they might do after it is not tried.`,
    );
  }

  /** It waited for a connection before anything else. */
  cameLast(name: string): void {
    this.#sentences.add(
      `${name} began by waiting for a connection of a pool that had none left: that it gets one before the others is not tried.`,
    );
  }

  /** It sent what does several things in one go. */
  opaque(name: string, sql: string): void {
    this.#sentences.add(
      `\`${oneLine(sql)}\` of ${name} does several things in one go: what may come between them is not tried.`,
    );
  }

  /** The sentences so far. */
  get sentences(): readonly string[] {
    return [...this.#sentences];
  }
}
