import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { HistoryError } from "./history-error.ts";

const blockSize = 1 << 20;
const newline = 0x0a;
const byteOrderMark = "\uFEFF";
const replacement = Buffer.from("\uFFFD");

/**
 * A piece of a history's text as UTF-8 that is moved on block by block: what is not read yet are
 * `bytes[at]` to `bytes[end]` (exclusive), whole characters; `bytes[end]` is a newline that does not
 * belong to it. No byte order mark.
 */
export interface ByteWindow {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
  /**
   * Drops what was read and adds the next block, of about a megabyte; false if there is none.
   * @throws HistoryError when the source cannot be read, is empty, compressed, or no UTF-8 text.
   */
  readonly fill: () => boolean;
  readonly close: () => void;
}

/** A window on a text in memory, which must be well-formed UTF-16: all of it at once. */
export function textWindow(text: string): ByteWindow {
  const content = withoutMark(text);
  const end = Buffer.byteLength(content);
  const bytes = Buffer.allocUnsafe(end + 1);
  bytes.write(content);
  bytes[end] = newline;
  return { bytes, at: 0, end, fill: () => false, close: () => undefined };
}

/** A text without a byte order mark at its beginning. */
export function withoutMark(text: string): string {
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

/**
 * A window on a file (`-`: standard input). Bytes of a character that the file ends in the middle of
 * become U+FFFD.
 * @throws HistoryError when it cannot be opened.
 */
export function fileWindow(path: string, file: string): ByteWindow {
  return new FileWindow(path, file);
}

class FileWindow implements ByteWindow {
  bytes: Buffer = Buffer.allocUnsafe(2 * blockSize);
  at = 0;
  end = 0;
  readonly #descriptor: number;
  readonly #file: string;
  #offset = 0;
  #ended = false;
  /** The beginning of a character that goes on in the next block. */
  #carried: Buffer = Buffer.alloc(0);

  constructor(path: string, file: string) {
    this.#file = file;
    this.#descriptor = open(path, file);
  }

  fill(): boolean {
    if (this.#ended) return false;
    const carried = this.#carried.length;
    this.#makeRoom(carried + blockSize + 1);
    const { bytes, end } = this;
    this.#carried.copy(bytes, end);
    const fresh = readBlock(this.#descriptor, bytes, end + carried, this.#file);
    if (fresh === 0) return this.#finish();
    if (this.#offset === 0) refuseBinary(bytes.subarray(end, end + fresh), this.#file);
    const filled = bytes.subarray(end, end + carried + fresh);
    const complete = filled.subarray(0, completeLength(filled));
    if (!isUtf8(complete)) throw encodingError(complete, this.#offset - carried, this.#file);
    this.#carried = Buffer.from(filled.subarray(complete.length));
    this.end = end + complete.length;
    bytes[this.end] = newline;
    if (this.#offset === 0 && complete.toString("utf8", 0, 3).startsWith(byteOrderMark)) this.at += 3;
    this.#offset += fresh;
    return true;
  }

  close(): void {
    if (this.#descriptor !== 0) closeSync(this.#descriptor);
  }

  #finish(): boolean {
    this.#ended = true;
    if (this.#offset === 0)
      throw new HistoryError("the file is empty: it holds no history", { file: this.#file });
    if (this.#carried.length > 0) this.end += replacement.copy(this.bytes, this.end);
    this.bytes[this.end] = newline;
    return this.#carried.length > 0;
  }

  #makeRoom(needed: number): void {
    const { bytes, at, end } = this;
    const rest = end - at;
    const target = rest + needed > bytes.length ? Buffer.allocUnsafe(2 * (rest + needed)) : bytes;
    bytes.copy(target, 0, at, end);
    this.bytes = target;
    this.at = 0;
    this.end = rest;
  }
}

function open(path: string, file: string): number {
  if (path === "-") return 0;
  try {
    return openSync(path, "r");
  } catch (error) {
    throw readError(error, file);
  }
}

/** Reads up to a block, and answers how many bytes there were; 0 at the end. */
function readBlock(descriptor: number, bytes: Buffer, at: number, file: string): number {
  for (;;) {
    try {
      return readSync(descriptor, bytes, at, blockSize, null);
    } catch (error) {
      const code = codeOf(error);
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw readError(error, file);
      // Standard input that does not block and has nothing yet: wait without spinning.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check the path",
  EISDIR: "this is a directory; name a history file in it",
  ENOTDIR: "a part of the path is no directory; check the path",
  EACCES: "reading it is not permitted; check the file's permissions",
  EPERM: "reading it is not permitted; check the file's permissions",
};

function readError(error: unknown, file: string): HistoryError {
  const code = codeOf(error);
  const reason = reasons[code] ?? `the file cannot be read (${code}); check the disk it is on`;
  return new HistoryError(reason, { file }, error);
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown error";
}

function refuseBinary(bytes: Buffer, file: string): void {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new HistoryError("the file is compressed; unpack it with gunzip first", { file });
  }
  const zero = bytes.indexOf(0);
  if (zero < 0) return;
  throw new HistoryError(`expected a history as text, got a zero byte at offset ${zero}`, { file });
}

/** How many bytes come before a last character that is still incomplete. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function encodingError(bytes: Uint8Array, offset: number, file: string): HistoryError {
  const bad = offset + validLength(bytes);
  const sentence = `expected a history as UTF-8 text, got an invalid byte at offset ${bad}`;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return new HistoryError(sentence, { file });
  } catch (error) {
    return new HistoryError(sentence, { file }, error);
  }
}

/** Length of the longest prefix that is UTF-8, by bisection. */
function validLength(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return valid;
}
