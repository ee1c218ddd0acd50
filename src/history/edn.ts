/** `:name`, without the colon. One reader makes one object per name. */
export class EdnKeyword {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class EdnSymbol {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** `\a`: one UTF-16 unit. */
export class EdnChar {
  readonly char: string;

  constructor(char: string) {
    this.char = char;
  }
}

/** `1.50M`: the digits as written, without the M. */
export class EdnDecimal {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/** `(a b)`. Vectors are arrays. */
export class EdnList {
  readonly items: readonly Edn[];

  constructor(items: readonly Edn[]) {
    this.items = items;
  }
}

export class EdnSet {
  readonly items: readonly Edn[];

  constructor(items: readonly Edn[]) {
    this.items = items;
  }
}

/** `{k v}`: keys and values in turn, in the order of the text. */
export class EdnMap {
  readonly entries: readonly Edn[];

  constructor(entries: readonly Edn[]) {
    this.entries = entries;
  }
}

/** `#tag value`. */
export class EdnTagged {
  readonly tag: string;
  readonly value: Edn;

  constructor(tag: string, value: Edn) {
    this.tag = tag;
    this.value = value;
  }
}

/**
 * A value of the extensible data notation (https://github.com/edn-format/edn). Integers up to 2^53 - 1
 * and all floats are numbers, larger integers are bigints, vectors are arrays, nil is null.
 */
export type Edn =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Edn[]
  | EdnKeyword
  | EdnSymbol
  | EdnChar
  | EdnDecimal
  | EdnList
  | EdnSet
  | EdnMap
  | EdnTagged;

/** The deepest nesting of EDN that is read. Deep enough for any JSON that we accept. */
export const maxEdnDepth = 512;

const word = String.raw`[\p{L}\p{N}*!_?<>=.&$%|+'-]+`;
const namePattern = new RegExp(`^(?:${word}/)?${word}$`, "u");
const symbolPattern = new RegExp(String.raw`^(?![+-]?\p{N}|nil$|true$|false$|')`, "u");

/** Whether a colon and this text make a keyword that every EDN reader understands. */
export function isKeywordName(text: string): boolean {
  return namePattern.test(text);
}

/** Whether this text is a symbol that every EDN reader understands. */
export function isSymbolName(text: string): boolean {
  return symbolPattern.test(text) && namePattern.test(text);
}
