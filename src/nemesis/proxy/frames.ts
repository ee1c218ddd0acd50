/** How long a frame is, by its first bytes; undefined while those are too few, 0 when they are no frame. */
export type FrameLength = (bytes: Buffer) => number | undefined;

/** Collects bytes until frames are whole. */
export class FrameCollector {
  #rest: Buffer = Buffer.alloc(0);

  /** To be called before {@link next}. */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  /** The next whole frame; undefined when there is none, null when what is there is no frame. */
  next(lengthOf: FrameLength): Buffer | undefined | null {
    const length = lengthOf(this.#rest);
    if (length === 0) return null;
    if (length === undefined || this.#rest.length < length) return undefined;
    const frame = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return frame;
  }

  /** All that is left, as it is. */
  takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }
}

/** Follows frames through bytes that are passed on as they come, without keeping more than their headers. */
export class FrameFollower {
  readonly #headerLength: number;
  readonly #lengthOf: FrameLength;
  #header: Buffer = Buffer.alloc(0);
  /** Bytes of the frame at hand that are still to come. */
  #left = 0;

  /** @param headerLength so many bytes are enough for `lengthOf`, and every frame has them */
  constructor(headerLength: number, lengthOf: FrameLength) {
    this.#headerLength = headerLength;
    this.#lengthOf = lengthOf;
  }

  /**
   * Reads on to the end of the frame or of the bytes.
   *
   * @returns how many bytes that is, and the frame's header where its end has come; null when it is no frame
   */
  advance(bytes: Buffer): { readonly length: number; readonly ended: Buffer | undefined } | null {
    let length = 0;
    if (this.#left === 0) {
      const missing = this.#headerLength - this.#header.length;
      const head = bytes.subarray(0, missing);
      this.#header = Buffer.concat([this.#header, head]);
      length = head.length;
      if (this.#header.length < this.#headerLength) return { length, ended: undefined };
      const whole = this.#lengthOf(this.#header) ?? 0;
      if (whole < this.#headerLength) return null;
      this.#left = whole - this.#headerLength;
    }
    const body = Math.min(this.#left, bytes.length - length);
    length += body;
    this.#left -= body;
    if (this.#left > 0) return { length, ended: undefined };
    const ended = this.#header;
    this.#header = Buffer.alloc(0);
    return { length, ended };
  }
}
