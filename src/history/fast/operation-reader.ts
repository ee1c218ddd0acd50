import type { HistorySink } from "../history-sink.ts";
import { typeCode } from "../history.ts";
import { operationFields } from "../operation-fields.ts";
import { ByteCursor, newline, nothing } from "./byte-cursor.ts";
import { commitDraft, type DraftContext } from "./commit-draft.ts";
import { ListTexts } from "./list-texts.ts";
import { MopReader } from "./mop-reader.ts";
import { missing, OperationDraft } from "./operation-draft.ts";
import { spelled, type Syntax } from "./syntax.ts";
import { noToken, TokenTable } from "./token-table.ts";

const openObject = 0x7b;
const closeObject = 0x7d;
const open = 0x5b;
const colon = 0x3a;
const hash = 0x23;
const space = 0x20;

/** A function's name, and its number once it has one. */
export interface FunctionName {
  readonly name: string;
  number: number;
}

/** Fields of operations, and the one that makes a header. */
const knownNames: ReadonlySet<string> = new Set([...operationFields, "isolab"]);

/** In place of a field: the operation ends; a field that we do not know was skipped. */
const end = 8;
const unknown = 9;

/** How the fields are numbered here. */
const field = { index: 0, time: 1, process: 2, type: 3, f: 4, value: 5, data: 6, error: 7 } as const;

/** So many places of fields are remembered. */
const places = 16;

/** Bytes that no text begins with. */
const impossible = Buffer.from([0xff]);

/**
 * Reads operations that are spelled as recorders spell them, one in a line, straight from bytes into
 * columns: no string and no object for what was seen before. An operation that is spelled in any other
 * way, or that is not well-formed, is left alone, to be read by the general reader of its syntax: what
 * is taken here is what that reader would have made of it.
 */
export class OperationReader {
  readonly #cursor: ByteCursor;
  readonly #mops: MopReader;
  readonly #draft = new OperationDraft();
  readonly #names: TokenTable<FunctionName>;
  readonly #context: DraftContext;
  readonly #fields: readonly Buffer[];
  readonly #types: readonly (readonly [spelling: Buffer, code: number])[];
  /** The field in each place of the operation before, and all bytes since the value in front of it. */
  readonly #order = new Uint8Array(places);
  readonly #leads: Buffer[] = Array.from({ length: places }, () => impossible);
  /** The function of the operation before, as it was spelled. */
  #lastFunction = impossible;
  #lastName: number = noToken;
  /** Names of fields that we do not know: one that comes twice is an error in EDN, and not ours to tell. */
  #unknown: number[] = [];

  constructor(syntax: Syntax, sink: HistorySink) {
    this.#cursor = new ByteCursor(syntax);
    const texts = new ListTexts(sink.columns.lists, syntax.separator);
    this.#mops = new MopReader(this.#cursor, sink.columns, texts);
    this.#names = new TokenTable((text) => {
      const name = syntax.name(text);
      return name === undefined ? undefined : { name, number: missing };
    });
    this.#context = { sink, names: this.#names, scalars: this.#mops.scalars, texts };
    this.#fields = Object.keys(field).map((name) => spelled(syntax, name));
    this.#types = Object.entries(typeCode).map(([name, code]) => [spelled(syntax, name), code]);
  }

  /**
   * Reads the operation that begins at `at` up to the newline after it.
   * @param bytes valid UTF-8 with a newline at `limit`
   * @returns the place after its newline, or -1 if it was left alone or does not end before `limit`
   */
  read(bytes: Buffer, at: number, limit: number): number {
    const cursor = this.#cursor;
    const draft = this.#draft;
    cursor.bytes = bytes;
    cursor.at = at;
    draft.clear();
    if (!this.#operation(draft)) return nothing;
    cursor.skipSpaces();
    if (bytes[cursor.at] !== newline || cursor.at >= limit) return nothing;
    return commitDraft(draft, bytes, this.#context) ? cursor.at + 1 : nothing;
  }

  #operation(draft: OperationDraft): boolean {
    const cursor = this.#cursor;
    cursor.skipSpaces();
    if (!cursor.syntax.strict && cursor.bytes[cursor.at] === hash && !this.#skipTag()) return false;
    if (!cursor.take(openObject)) return false;
    if (this.#unknown.length > 0) this.#unknown = [];
    let seen = 0;
    for (let place = 0; ; place++) {
      const which = this.#lead(place);
      if (which === end) return true;
      if (which === nothing) return false;
      if (which === unknown) continue;
      const bit = 1 << which;
      if ((seen & bit) !== 0 || !this.#read(which, draft)) return false;
      seen |= bit;
    }
  }

  /** Moves to the next field's value; answers the field. It most likely is what it was last time. */
  #lead(place: number): number {
    const cursor = this.#cursor;
    const { bytes, at } = cursor;
    const slot = place < places ? place : places - 1;
    const likely = this.#leads[slot] ?? impossible;
    const { length } = likely;
    let same = 0;
    while (same < length && bytes[at + same] === likely[same]) same++;
    if (same === length) {
      cursor.at = at + length;
      return this.#order[slot] ?? 0;
    }
    const more = cursor.element(place === 0, closeObject);
    if (more !== true) return more === false ? end : nothing;
    const which = this.#field();
    if (which === nothing) return this.#skipUnknown() ? unknown : nothing;
    if (place < places - 1) {
      this.#order[slot] = which;
      this.#leads[slot] = Buffer.from(bytes.subarray(at, cursor.at));
    }
    return which;
  }

  /** Moves over the tag of a record: `#jepsen.history.Op`. */
  #skipTag(): boolean {
    const { bytes, at } = this.#cursor;
    let after = at + 1;
    while (isPlain(bytes[after] ?? 0)) after++;
    this.#cursor.at = after;
    return after > at + 1;
  }

  /** Moves over the name of a field; answers its number, or {@link nothing} for one that we do not know. */
  #field(): number {
    for (let which = 0; which < this.#fields.length; which++)
      if (this.#takeName(this.#fields[which])) return which;
    return nothing;
  }

  #read(which: number, draft: OperationDraft): boolean {
    const cursor = this.#cursor;
    switch (which) {
      case field.index:
        return (draft.index = cursor.integer()) !== nothing;
      case field.time:
        return this.#time(draft);
      case field.process:
        return (draft.process = cursor.integer()) !== nothing && draft.process < 2 ** 31;
      case field.type:
        return (draft.type = this.#type()) !== nothing;
      case field.f:
        return (draft.f = this.#function()) !== noToken;
      case field.value:
        return this.#value(draft);
      case field.data:
        return (draft.data = this.#json()) !== undefined;
      default:
        return (draft.error = this.#json()) !== undefined;
    }
  }

  /** Moves over the name of a field and what stands between it and its value. */
  #takeName(spelling: Buffer | undefined): boolean {
    const cursor = this.#cursor;
    const { bytes, at } = cursor;
    if (spelling === undefined) return false;
    for (let i = 0; i < spelling.length; i++) if (bytes[at + i] !== spelling[i]) return false;
    cursor.at = at + spelling.length;
    if (this.#between()) return true;
    cursor.at = at;
    return false;
  }

  /** Moves over what must stand between a name and its value. */
  #between(): boolean {
    const cursor = this.#cursor;
    const start = cursor.at;
    cursor.skipSpaces();
    if (!cursor.syntax.strict) return cursor.at > start;
    if (!cursor.take(colon)) return false;
    cursor.skipSpaces();
    return true;
  }

  /** Moves over a field that we do not know. One that we do know is spelled in an unusual way. */
  #skipUnknown(): boolean {
    const cursor = this.#cursor;
    if (cursor.bytes[cursor.at] !== cursor.syntax.beforeName) return false;
    const name = this.#name();
    if (name === noToken || this.#unknown.includes(name)) return false;
    if (knownNames.has(this.#names.meaning(name).name)) return false;
    this.#unknown.push(name);
    return this.#between() && this.#json() !== undefined;
  }

  #time(draft: OperationDraft): boolean {
    draft.time = this.#cursor.integer();
    if (draft.time !== nothing) return true;
    const value = this.#json();
    if (typeof value !== "number") return false;
    draft.time = value;
    return true;
  }

  #type(): number {
    for (const [spelling, code] of this.#types) if (this.#cursor.takeToken(spelling)) return code;
    return nothing;
  }

  #function(): number {
    const cursor = this.#cursor;
    if (cursor.takeToken(this.#lastFunction)) return this.#lastName;
    const { at } = cursor;
    this.#lastName = this.#name();
    this.#lastFunction =
      this.#lastName === noToken ? impossible : Buffer.from(cursor.bytes.subarray(at, cursor.at));
    return this.#lastName;
  }

  #name(): number {
    const cursor = this.#cursor;
    const after = cursor.tokenEnd();
    if (after === nothing) return noToken;
    const name = this.#names.find(cursor.bytes, cursor.at, after);
    cursor.at = after;
    return name;
  }

  #value(draft: OperationDraft): boolean {
    if (this.#cursor.bytes[this.#cursor.at] === open) {
      draft.other = undefined;
      return this.#mops.read(draft);
    }
    draft.other = this.#json();
    return draft.other !== undefined;
  }

  /** Any value in this line. */
  #json(): ReturnType<Syntax["json"]> {
    const cursor = this.#cursor;
    const after = cursor.valueEnd();
    if (after === nothing) return undefined;
    const value = cursor.syntax.json(cursor.bytes.toString("utf8", cursor.at, after));
    cursor.at = after;
    return value;
  }
}

/** Letters, digits and dots. */
function isPlain(byte: number): boolean {
  const letter = byte | space;
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2e;
}
