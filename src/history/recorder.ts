import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { Header } from "./header.ts";
import type { HistoryBuilder } from "./history-builder.ts";
import { encodeHeader, encodeOperation } from "./jsonl.ts";
import type { Operation } from "./operation.ts";
import { RecorderError, recorderError } from "./recorder-error.ts";

/** An invocation, without what the recorder adds. */
export type Invocation = Pick<Operation, "time" | "process" | "f" | "value" | "data">;

/** A completion, without what the recorder adds. */
export type Completion = Omit<Operation, "index" | "type"> & { readonly type: "ok" | "fail" | "info" };

/** Writes a history as it happens; see {@link openRecorder}. */
export interface Recorder {
  /** Operations recorded so far, which is also the next index. */
  readonly length: number;
  /**
   * Records that an operation is about to begin, and answers its index. To be called before the
   * database can see anything of it.
   * @throws RecorderError when it could not be written: then the operation must not begin.
   * @throws HistoryError when a field is no exact JSON; nothing is written, and recording may go on.
   */
  readonly invoke: (invocation: Invocation) => number;
  /** Records how an operation ended, and answers the index of that line. Throws as invoke does. */
  readonly complete: (completion: Completion) => number;
  /** Closes the file; what is recorded afterwards throws. Closing again does nothing. */
  readonly close: () => void;
}

/**
 * Creates `path` (which must not exist) and writes the header. Every line has reached the kernel,
 * in one write, when its call returns: killing this process loses no line that was answered, and at
 * most tears the last one. Power loss is another matter; nothing is synced. After a failed write the
 * file is cut back to its last whole line and nothing more is written. Each operation also goes to
 * `builder`, so that a run can be checked without reading it again.
 * @throws RecorderError when the file cannot be created or the header not be written.
 */
export function openRecorder(path: string, header: Header, builder?: HistoryBuilder): Recorder {
  const file = new LineFile(path);
  file.append(encodeHeader(header));
  let length = 0;
  const record = (operation: Operation): number => {
    file.append(encodeOperation(operation), length);
    length++;
    builder?.add(operation);
    return operation.index;
  };
  return {
    get length() {
      return length;
    },
    invoke: ({ time, process, f, value, data }) =>
      record({
        index: length,
        time,
        process,
        type: "invoke",
        f,
        value,
        ...(data === undefined ? {} : { data }),
      }),
    complete: (completion) => record({ ...completion, index: length }),
    close: () => {
      file.close();
    },
  };
}

/** A file of whole lines, or one that has failed. */
class LineFile {
  readonly #path: string;
  readonly #descriptor: number;
  #size = 0;
  #state: "open" | "closed" | "failed" = "open";

  constructor(path: string) {
    this.#path = path;
    try {
      this.#descriptor = openSync(path, "wx");
    } catch (error) {
      throw recorderError(path, 0, error);
    }
  }

  append(line: string, recorded = 0): void {
    if (this.#state !== "open") {
      const why = this.#state === "closed" ? "the recorder is closed" : "an earlier write failed";
      throw new RecorderError(`${this.#path}: nothing more is recorded, because ${why}`);
    }
    const bytes = Buffer.from(`${line}\n`);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      this.#fail();
      throw recorderError(this.#path, recorded, error);
    }
    this.#size += bytes.length;
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closed";
    closeSync(this.#descriptor);
  }

  #fail(): void {
    this.#state = "failed";
    try {
      ftruncateSync(this.#descriptor, this.#size);
    } catch {
      // A torn last line is left; loading drops it.
    }
    closeSync(this.#descriptor);
  }
}
