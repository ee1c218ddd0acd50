import type { HistoryColumns } from "../history-columns.ts";
import { mopKindCode, shapeCode } from "../history.ts";
import type { Json } from "../operation.ts";
import { absent } from "../number-table.ts";
import { type ByteCursor, nothing } from "./byte-cursor.ts";
import type { ListTexts } from "./list-texts.ts";
import { missing, type OperationDraft } from "./operation-draft.ts";
import { spelled, type Syntax } from "./syntax.ts";
import { noToken, TokenTable } from "./token-table.ts";

const open = 0x5b;
const close = 0x5d;
const letterN = 0x6e;

/** A scalar's spelling, and its number among keys and among values, once it has one. */
export interface Scalar {
  readonly json: Json;
  key: number;
  value: number;
}

interface Kind {
  readonly spelling: Buffer;
  readonly kind: number;
}

/** Reads lists of micro-operations into a draft: those of the kinds we know, with scalars for keys. */
export class MopReader {
  readonly scalars: TokenTable<Scalar>;
  readonly #cursor: ByteCursor;
  readonly #columns: HistoryColumns;
  readonly #texts: ListTexts;
  readonly #kinds: readonly Kind[];
  /** By the first letter of its name: the beginning of a micro-operation, up to its key. */
  readonly #beginnings: readonly (Kind | undefined)[];

  constructor(cursor: ByteCursor, columns: HistoryColumns, texts: ListTexts) {
    this.#cursor = cursor;
    this.#columns = columns;
    this.#texts = texts;
    this.#kinds = kindsIn(cursor.syntax);
    this.#beginnings = beginningsIn(cursor.syntax, this.#kinds);
    this.scalars = new TokenTable((text) => {
      const json = cursor.syntax.json(text);
      return json === undefined ? undefined : { json, key: absent, value: absent };
    });
  }

  /** Reads the list that begins here; false if it is anything else, or spelled in an unusual way. */
  read(draft: OperationDraft): boolean {
    const cursor = this.#cursor;
    if (!cursor.take(open)) return false;
    for (let first = true; ; first = false) {
      const more = cursor.element(first, close);
      if (more !== true) return more === false;
      if (!this.#mop(draft)) return false;
    }
  }

  #mop(draft: OperationDraft): boolean {
    const cursor = this.#cursor;
    const start = cursor.at;
    const kind = this.#plainKind();
    if (kind !== nothing) {
      const key = cursor.integer();
      if (key !== nothing && cursor.take(cursor.syntax.separator)) {
        const mop = draft.addMop(kind, key);
        if (this.#value(draft, mop, key) && cursor.take(close)) return true;
        draft.dropMop();
      }
      cursor.at = start;
    }
    return this.#unusualMop(draft);
  }

  /** Moves over the beginning of a micro-operation in the shortest spelling; answers its kind. */
  #plainKind(): number {
    const cursor = this.#cursor;
    const { bytes, at } = cursor;
    // The third byte is the first of the name.
    const beginning = this.#beginnings[bytes[at + 2] ?? 0];
    if (beginning === undefined) return nothing;
    const { spelling, kind } = beginning;
    for (let i = 0; i < spelling.length; i++) if (bytes[at + i] !== spelling[i]) return nothing;
    cursor.at = at + spelling.length;
    return kind;
  }

  #unusualMop(draft: OperationDraft): boolean {
    const cursor = this.#cursor;
    if (!cursor.take(open) || cursor.element(true, close) !== true) return false;
    const kind = this.#kind();
    if (kind === nothing || cursor.element(false, close) !== true) return false;
    const key = this.#scalar();
    if (key === null || cursor.element(false, close) !== true) return false;
    const mop = draft.addMop(kind, key);
    return this.#value(draft, mop, key) && cursor.element(false, close) === false;
  }

  #kind(): number {
    for (const { spelling, kind } of this.#kinds) if (this.#cursor.takeToken(spelling)) return kind;
    return nothing;
  }

  /** An integer, or a token as `-1 - n`; null if it is no scalar. */
  #scalar(): number | null {
    const cursor = this.#cursor;
    const integer = cursor.integer();
    if (integer !== nothing) return integer;
    const end = cursor.tokenEnd();
    if (end === nothing) return null;
    const token = this.scalars.find(cursor.bytes, cursor.at, end);
    if (token === noToken) return null;
    cursor.at = end;
    return -1 - token;
  }

  #value(draft: OperationDraft, mop: number, key: number): boolean {
    const cursor = this.#cursor;
    const first = cursor.bytes[cursor.at];
    if (first === open) return this.#list(draft, mop, key);
    if (first === letterN && cursor.takeToken(cursor.syntax.null)) {
      draft.shape[mop] = shapeCode.none;
      return true;
    }
    const value = this.#scalar();
    if (value === null) return false;
    draft.shape[mop] = shapeCode.scalar;
    draft.value[mop] = value;
    return true;
  }

  #list(draft: OperationDraft, mop: number, key: number): boolean {
    const cursor = this.#cursor;
    const texts = this.#texts;
    const begin = cursor.at + 1;
    const known = this.#keyNumber(key);
    cursor.at = known === absent ? begin : texts.match(known, cursor.bytes, begin);
    const matched = known === absent ? 0 : texts.matched;
    draft.shape[mop] = shapeCode.list;
    draft.value[mop] = matched;
    if (matched > 0) draft.trunk[mop] = this.#columns.lists.trunkFrom(known);
    draft.itemFrom[mop] = draft.itemCount;
    draft.textFrom[mop] = cursor.at;
    const shortest = this.#elements(draft, matched === 0);
    if (shortest === null) return false;
    draft.itemTo[mop] = draft.itemCount;
    draft.textTo[mop] = cursor.at - 1;
    if (!shortest) draft.textFrom[mop] = missing;
    return true;
  }

  /** Reads the elements up to the end of a list; whether in the shortest spelling, or null if it cannot. */
  #elements(draft: OperationDraft, first: boolean): boolean | null {
    const cursor = this.#cursor;
    const { bytes, syntax } = cursor;
    let shortest = true;
    for (; ; first = false) {
      const start = cursor.at;
      const more = cursor.element(first, close);
      if (more === null) return null;
      const spaces = cursor.at - start;
      if (!more) return shortest && spaces === 1;
      if (first ? spaces !== 0 : spaces !== 1 || bytes[start] !== syntax.separator) shortest = false;
      const from = cursor.at;
      const item = this.#scalar();
      if (item === null) return null;
      if (item < 0) shortest &&= isClear(bytes, from, cursor.at, syntax.separator);
      draft.addItem(item);
    }
  }

  #keyNumber(key: number): number {
    return key >= 0 ? this.#columns.keys.findNumber(key) : this.scalars.meaning(-1 - key).key;
  }
}

/** Whether bytes hold neither a separator nor the end of a list. */
function isClear(bytes: Buffer, from: number, to: number, separator: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === separator || bytes[at] === close) return false;
  return true;
}

function kindsIn(syntax: Syntax): readonly Kind[] {
  const named = Object.entries(mopKindCode).filter(([, kind]) => kind !== mopKindCode.other);
  return named.map(([name, kind]) => ({ spelling: spelled(syntax, name), kind }));
}

/** Of two kinds with the same first letter, the one that most histories hold. */
function beginningsIn(syntax: Syntax, kinds: readonly Kind[]): readonly (Kind | undefined)[] {
  const beginnings = new Array<Kind | undefined>(256).fill(undefined);
  for (const { spelling, kind } of kinds)
    beginnings[spelling[1] ?? 0] ??= { spelling: Buffer.from([open, ...spelling, syntax.separator]), kind };
  return beginnings;
}
