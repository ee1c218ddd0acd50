import type { Syntax } from "./syntax.ts";

/** The answer where something else than what was asked for begins. */
export const nothing = -1;

export const newline = 0x0a;

const quote = 0x22;
const comma = 0x2c;
const zero = 0x30;
const backslash = 0x5c;

/** 1: ends a bare token. Control characters are not expected, and end it too. */
const endsToken = new Uint8Array(256);
endsToken.fill(1, 0, 0x21);
for (const character of '()[]{}",;\\') endsToken[character.charCodeAt(0)] = 1;

/**
 * A place in bytes, and what begins there. No method moves beyond a newline, which therefore must come
 * after the last byte; what is spelled in an unusual way is answered as if it were not there, and the
 * general reader is asked.
 */
export class ByteCursor {
  readonly syntax: Syntax;
  bytes: Buffer = Buffer.alloc(0);
  at = 0;

  constructor(syntax: Syntax) {
    this.syntax = syntax;
  }

  skipSpaces(): void {
    const { bytes } = this;
    let { at } = this;
    const commas = !this.syntax.strict;
    for (; ; at++) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && !(commas && byte === comma)) break;
    }
    this.at = at;
  }

  /** Moves over this byte, if it comes next. */
  take(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /**
   * Moves to the next element of what ends with `close`, or over the end.
   * @param first whether nothing came before it
   * @returns whether there is an element; null for a separator that should or should not be there
   */
  element(first: boolean, close: number): boolean | null {
    this.skipSpaces();
    if (this.take(close)) return false;
    if (first || !this.syntax.strict) return true;
    if (!this.take(comma)) return null;
    this.skipSpaces();
    return true;
  }

  /** Moves over an integer of at most 15 digits, not negative; {@link nothing} leaves the place as it is. */
  integer(): number {
    const { bytes, at: start } = this;
    let at = start;
    let value = 0;
    let digit = (bytes[at] ?? 0) - zero;
    // Nine digits fit in 32 bits, where arithmetic is cheapest.
    for (const end = start + 9; digit >= 0 && digit <= 9 && at < end; digit = (bytes[++at] ?? 0) - zero)
      value = (Math.imul(value, 10) + digit) | 0;
    for (; digit >= 0 && digit <= 9; digit = (bytes[++at] ?? 0) - zero) value = value * 10 + digit;
    const digits = at - start;
    if (digits === 0 || digits > 15 || endsToken[bytes[at] ?? 0] === 0) return nothing;
    if (digits > 1 && bytes[start] === zero) return nothing;
    this.at = at;
    return value;
  }

  /** Where the string, name or other bare token that begins here ends; {@link nothing} if none does. */
  tokenEnd(): number {
    const { bytes } = this;
    let { at } = this;
    if (bytes[at] === quote) {
      for (at++; ; at++) {
        const byte = bytes[at];
        if (byte === quote) return at + 1;
        if (byte === newline || byte === undefined) return nothing;
        if (byte === backslash && bytes[++at] === newline) return nothing;
      }
    }
    while (endsToken[bytes[at] ?? 0] === 0) at++;
    return at === this.at ? nothing : at;
  }

  /**
   * Where the value that begins here ends, brackets matched and strings skipped; {@link nothing} if it is
   * not in one line, or spelled with comments or characters.
   */
  valueEnd(): number {
    const { bytes, at: start } = this;
    let depth = 0;
    for (;;) {
      const byte = bytes[this.at];
      let end = this.at + 1;
      if (byte === 0x5b || byte === 0x7b || byte === 0x28) depth++;
      else if (byte === 0x5d || byte === 0x7d || byte === 0x29) depth--;
      else if (byte === newline || byte === backslash || byte === 0x3b || byte === undefined) end = nothing;
      else if (byte === quote || endsToken[byte] === 0) end = this.tokenEnd();
      if (end === nothing || depth < 0) {
        this.at = start;
        return nothing;
      }
      this.at = end;
      if (depth === 0) break;
    }
    const end = this.at;
    this.at = start;
    return end;
  }

  /** Moves over these bytes, if a token is spelled by them alone. */
  takeToken(spelling: Uint8Array): boolean {
    const end = this.at + spelling.length;
    if (endsToken[this.bytes[end] ?? 0] === 0) return false;
    for (let i = 0; i < spelling.length; i++) if (this.bytes[this.at + i] !== spelling[i]) return false;
    this.at = end;
    return true;
  }
}
