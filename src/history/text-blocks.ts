import { closeSync, openSync, readSync } from "node:fs";
import { HistoryError } from "./history-error.ts";

const blockSize = 1 << 20;

/**
 * The text of a file (`-`: of standard input) in blocks of about a megabyte, cut anywhere but inside a
 * character, without a byte order mark. Bytes of a character that the file ends in the middle of
 * become U+FFFD. The file is closed when the generator ends.
 * @throws HistoryError when it cannot be read, is empty, compressed, or no UTF-8 text.
 */
export function* textBlocks(path: string, file: string): Generator<string, void, undefined> {
  const descriptor = open(path, file);
  try {
    let carried = Buffer.alloc(0);
    for (let offset = 0; ;) {
      const fresh = readBlock(descriptor, file);
      if (fresh.length === 0) {
        if (offset === 0) throw new HistoryError("the file is empty: it holds no history", { file });
        if (carried.length > 0) yield "\uFFFD";
        return;
      }
      if (offset === 0) refuseBinary(fresh, file);
      const bytes = carried.length === 0 ? fresh : Buffer.concat([carried, fresh]);
      const complete = completeLength(bytes);
      const text = decode(bytes.subarray(0, complete), offset - carried.length, file);
      yield offset === 0 && text.startsWith("\uFEFF") ? text.slice(1) : text;
      carried = Buffer.from(bytes.subarray(complete));
      offset += fresh.length;
    }
  } finally {
    if (path !== "-") closeSync(descriptor);
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

function readBlock(descriptor: number, file: string): Buffer {
  const buffer = Buffer.allocUnsafe(blockSize);
  for (;;) {
    try {
      return buffer.subarray(0, readSync(descriptor, buffer, 0, blockSize, null));
    } catch (error) {
      const code = codeOf(error);
      if (code === "EOF") return Buffer.alloc(0);
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

function decode(bytes: Uint8Array, offset: number, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const bad = offset + validLength(bytes);
    throw new HistoryError(
      `expected a history as UTF-8 text, got an invalid byte at offset ${bad}`,
      { file },
      error,
    );
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
