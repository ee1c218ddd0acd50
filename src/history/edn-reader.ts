import {
  type Edn,
  type EdnChar,
  EdnKeyword,
  EdnList,
  EdnMap,
  EdnSet,
  EdnTagged,
  maxEdnDepth,
} from "./edn.ts";
import {
  charFromToken,
  digit,
  isKind,
  isNameLike,
  ownCopy,
  scalarFromToken,
  space,
  terminator,
  unescape,
} from "./edn-tokens.ts";

/** A text is no EDN. */
export class EdnSyntaxError extends Error {
  override readonly name = "EdnSyntaxError";
  /** UTF-16 units from the start of the reader's text. */
  readonly offset: number;
  /** The text is fine as far as it goes, but ends too early. */
  readonly truncated: boolean;

  constructor(message: string, offset: number, truncated: boolean) {
    super(message);
    this.offset = offset;
    this.truncated = truncated;
  }
}

/**
 * Reads one value from a text that may hold nothing else but comments and spaces.
 * @throws EdnSyntaxError also when it is nested deeper than {@link maxEdnDepth}.
 */
export function parseEdn(text: string): Edn {
  const reader = new EdnReader(text, true);
  reader.skip();
  const value = reader.value(0);
  reader.skip();
  if (reader.at < text.length) throw new EdnSyntaxError("expected nothing after the value", reader.at, false);
  return value;
}

/** A cursor over EDN text. With `final` false, a token that touches the end of the text is truncated. */
export class EdnReader {
  readonly text: string;
  at = 0;
  readonly #final: boolean;
  readonly #keywords: Map<string, EdnKeyword>;

  constructor(
    text: string,
    final: boolean,
    keywords: Map<string, EdnKeyword> = new Map<string, EdnKeyword>(),
  ) {
    this.text = text;
    this.#final = final;
    this.#keywords = keywords;
  }

  /** Moves over spaces, commas, comments and discarded values. */
  skip(depth = 0): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (isKind(code, space)) this.at++;
      else if (code === 59) this.#skipComment();
      else if (code === 35 && text.charCodeAt(this.at + 1) === 95) this.#discard(depth);
      else return;
    }
  }

  /** Reads the value that begins here; `depth` counts what it is nested in. */
  value(depth: number): Edn {
    if (depth > maxEdnDepth) this.fail(`at most ${maxEdnDepth} levels of nesting`);
    const code = this.text.charCodeAt(this.at);
    switch (code) {
      case 34:
        return this.#string();
      case 91:
        return this.#items(93, "]", depth);
      case 40:
        return new EdnList(this.#items(41, ")", depth));
      case 123:
        return new EdnMap(this.#map(depth));
      case 58:
        return this.#keyword();
      case 92:
        return this.#char();
      case 35:
        return this.#dispatch(depth);
      default:
        return isKind(code, digit) || code === 45 ? this.#number() : this.#symbol();
    }
  }

  fail(expected: string, at: number = this.at): never {
    const truncated = at >= this.text.length;
    const got = truncated ? "the end" : JSON.stringify(String.fromCodePoint(this.text.codePointAt(at) ?? 0));
    throw new EdnSyntaxError(`expected ${expected}, got ${got}`, at, truncated);
  }

  #truncated(expected: string): never {
    throw new EdnSyntaxError(`expected ${expected}, got the end`, this.text.length, true);
  }

  #skipComment(): void {
    const end = this.text.indexOf("\n", this.at);
    if (end < 0 && !this.#final) this.#truncated("the end of a comment");
    this.at = end < 0 ? this.text.length : end + 1;
  }

  #discard(depth: number): void {
    if (depth > maxEdnDepth) this.fail(`at most ${maxEdnDepth} levels of nesting`);
    this.at += 2;
    this.skip(depth + 1);
    this.value(depth + 1);
  }

  #items(closing: number, shown: string, depth: number): Edn[] {
    const items: Edn[] = [];
    this.at++;
    for (;;) {
      this.skip(depth);
      if (this.at >= this.text.length) this.#truncated(`"${shown}"`);
      if (this.text.charCodeAt(this.at) === closing) break;
      items.push(this.value(depth + 1));
    }
    this.at++;
    return items;
  }

  #map(depth: number): Edn[] {
    const start = this.at;
    const entries = this.#items(125, "}", depth);
    if (entries.length % 2 === 1) this.fail("a value for every key of the map that begins here", start);
    if (hasDuplicateKey(entries)) this.fail("every key of the map that begins here only once", start);
    return entries;
  }

  #string(): string {
    const start = this.at;
    let end = start + 1;
    let plain = true;
    for (; ; end++) {
      const code = this.text.charCodeAt(end);
      if (code === 34) break;
      if (code === 92) {
        plain = false;
        end++;
      }
      if (end >= this.text.length) this.#truncated("the closing double quote");
    }
    this.at = end + 1;
    const content = this.text.slice(start + 1, end);
    if (plain) return ownCopy(content);
    return unescape(content, (escape, at) =>
      this.fail(`an escape of EDN (${escape} is none)`, start + 1 + at),
    );
  }

  /** The token that begins here, at least one character if `from` is given. */
  #token(from: number): string {
    const start = this.at;
    let end = from;
    while (end < this.text.length && !isKind(this.text.charCodeAt(end), terminator)) end++;
    if (end >= this.text.length && !this.#final) this.#truncated("the rest of a token");
    this.at = end;
    return this.text.slice(start, end);
  }

  #keyword(): EdnKeyword {
    const start = this.at;
    const token = this.#token(start + 1);
    const known = this.#keywords.get(token);
    if (known !== undefined) return known;
    const name = ownCopy(token.slice(1));
    if (!isNameLike(name) || name.startsWith(":")) this.fail("a keyword", start);
    const keyword = new EdnKeyword(name);
    this.#keywords.set(ownCopy(token), keyword);
    return keyword;
  }

  #char(): EdnChar {
    const start = this.at;
    if (start + 1 >= this.text.length) this.#truncated("a character after the backslash");
    return charFromToken(this.#token(start + 2)) ?? this.fail("a character of EDN", start);
  }

  #number(): Edn {
    const { text, at: start } = this;
    const first = text.charCodeAt(start) === 45 ? start + 1 : start;
    let at = first;
    let value = 0;
    let code = text.charCodeAt(at);
    for (; isKind(code, digit); code = text.charCodeAt(++at)) value = value * 10 + code - 48;
    const digits = at - first;
    const leadingZero = digits > 1 && text.charCodeAt(first) === 48;
    if (isKind(code, terminator) && digits > 0 && digits <= 15 && !leadingZero) {
      this.at = at;
      return first === start ? value : 0 - value;
    }
    return this.#scalar(start, this.#token(start + 1));
  }

  #symbol(): Edn {
    const start = this.at;
    const code = this.text.charCodeAt(start);
    if (start >= this.text.length) this.#truncated("a value");
    if (isKind(code, terminator)) this.fail("a value");
    return this.#scalar(start, this.#token(start + 1));
  }

  #scalar(start: number, token: string): Edn {
    const value = scalarFromToken(token);
    if (value !== undefined) return value;
    return this.fail(/^[+-]?[0-9]/.test(token) ? "a number of EDN" : "a value of EDN", start);
  }

  #dispatch(depth: number): Edn {
    const start = this.at;
    const next = this.text[start + 1];
    if (next === undefined) this.#truncated("a tag, a set or a discarded value after #");
    if (next === "{") {
      this.at++;
      return new EdnSet(this.#items(125, "}", depth));
    }
    if (next === "#") return this.#symbolicNumber(start);
    if (next === ":") return this.#namespacedMap(depth);
    this.at++;
    if (isKind(this.text.charCodeAt(this.at), terminator)) this.fail("a tag after #");
    const tag = ownCopy(this.#token(this.at));
    if (!isNameLike(tag)) this.fail("a tag after #", start + 1);
    this.skip(depth);
    return new EdnTagged(tag, this.value(depth + 1));
  }

  #symbolicNumber(start: number): number {
    const token = this.#token(start + 2);
    if (token === "##NaN") return Number.NaN;
    if (token === "##Inf") return Number.POSITIVE_INFINITY;
    return token === "##-Inf" ? Number.NEGATIVE_INFINITY : this.fail("##NaN, ##Inf or ##-Inf", start);
  }

  /** `#:name{:a 1}` is `{:name/a 1}`, as Clojure prints maps whose keys share a namespace. */
  #namespacedMap(depth: number): EdnMap {
    this.at++;
    const namespace = this.#keyword().name;
    this.skip(depth);
    if (this.text.charCodeAt(this.at) !== 123) this.fail('"{" after the namespace of a map');
    const qualified = this.#map(depth).map((item, position) =>
      position % 2 === 0 && item instanceof EdnKeyword && !item.name.includes("/")
        ? this.#keywordNamed(`${namespace}/${item.name}`)
        : item,
    );
    return new EdnMap(qualified);
  }

  #keywordNamed(name: string): EdnKeyword {
    const known = this.#keywords.get(`:${name}`) ?? new EdnKeyword(name);
    this.#keywords.set(`:${name}`, known);
    return known;
  }
}

function hasDuplicateKey(entries: readonly Edn[]): boolean {
  const few = entries.length <= 32;
  if (!few) return new Set(entries.filter((_, position) => position % 2 === 0)).size * 2 < entries.length;
  for (let later = 2; later < entries.length; later += 2) {
    for (let earlier = 0; earlier < later; earlier += 2) if (entries[earlier] === entries[later]) return true;
  }
  return false;
}
