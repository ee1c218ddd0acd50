import { maxJsonDepth } from "./json-value.ts";

/** Why a text is no JSON. */
export interface JsonSyntaxProblem {
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  /** Completes the sentence "expected …". */
  readonly expected: string;
  /** The text is fine as far as it goes, but ends too early. */
  readonly truncated: boolean;
}

/**
 * The first place where a text leaves JSON's grammar (RFC 8259), or null if it never does. Slower than
 * `JSON.parse`, which does not say where; meant for texts that it has refused.
 */
export function findJsonSyntaxProblem(text: string): JsonSyntaxProblem | null {
  try {
    new Scanner(text, null).document();
    return null;
  } catch (error) {
    if (error instanceof ScanFailure) return error.problem;
    throw error;
  }
}

/**
 * Offset of the value that a path leads to in a text that is JSON; of the deepest value on the way
 * where the path goes on but the text does not.
 */
export function locateJson(text: string, path: readonly (string | number)[]): number {
  const scanner = new Scanner(text, path);
  try {
    scanner.document();
  } catch (error) {
    // Too deep to follow to the end: the way that was found so far is good enough.
    if (!(error instanceof ScanFailure)) throw error;
  }
  return scanner.found;
}

class ScanFailure extends Error {
  readonly problem: JsonSyntaxProblem;

  constructor(problem: JsonSyntaxProblem) {
    super(problem.expected);
    this.problem = problem;
  }
}

type Path = readonly (string | number)[] | null;

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const numberPrefix = /^-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:(?<=[0-9])[eE][+-]?[0-9]*)?)?$/;

class Scanner {
  found = 0;
  readonly #text: string;
  readonly #target: Path;
  #at = 0;

  constructor(text: string, target: Path) {
    this.#text = text;
    this.#target = target;
  }

  document(): void {
    this.#skipSpace();
    this.#value(this.#target, 0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("the end of the line");
  }

  #value(target: Path, depth: number): void {
    if (depth > maxJsonDepth + 1) this.#fail(`at most ${maxJsonDepth} levels of nesting`);
    if (target !== null) this.found = this.#at;
    const first = this.#text[this.#at];
    if (first === "{") this.#object(target, depth);
    else if (first === "[") this.#array(target, depth);
    else if (first === '"') this.#string();
    else if (first === "-" || (first !== undefined && first >= "0" && first <= "9")) this.#number();
    else this.#literal();
  }

  #object(target: Path, depth: number): void {
    this.#at++;
    this.#skipSpace();
    if (this.#take("}")) return;
    for (;;) {
      if (this.#text[this.#at] !== '"') this.#fail("a member name in double quotes");
      const name = this.#string();
      this.#skipSpace();
      if (!this.#take(":")) this.#fail('":" after the member name');
      this.#skipSpace();
      this.#value(step(target, name), depth + 1);
      this.#skipSpace();
      if (this.#take("}")) return;
      if (!this.#take(",")) this.#fail('"," or "}"');
      this.#skipSpace();
    }
  }

  #array(target: Path, depth: number): void {
    this.#at++;
    this.#skipSpace();
    if (this.#take("]")) return;
    for (let position = 0; ; position++) {
      this.#value(step(target, position), depth + 1);
      this.#skipSpace();
      if (this.#take("]")) return;
      if (!this.#take(",")) this.#fail('"," or "]"');
      this.#skipSpace();
    }
  }

  #string(): string {
    const start = this.#at++;
    for (; ; this.#at++) {
      const character = this.#text[this.#at];
      if (character === undefined) this.#fail("the closing double quote");
      else if (character === '"') break;
      else if (character < " ") this.#fail("control characters to be escaped");
      else if (character === "\\") this.#escape();
    }
    this.#at++;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #escape(): void {
    const character = this.#text[++this.#at];
    if (character === undefined) this.#fail("the rest of an escape");
    else if (character === "u") {
      for (let digit = 0; digit < 4; digit++) {
        if (!/[0-9a-fA-F]/.test(this.#text[++this.#at] ?? "")) this.#fail("four hexadecimal digits");
      }
    } else if (!'"\\/bfnrt'.includes(character)) this.#fail('one of " \\ / b f n r t u after the backslash');
  }

  #number(): void {
    numberPattern.lastIndex = this.#at;
    const length = numberPattern.exec(this.#text)?.[0].length ?? 0;
    const rest = this.#text.slice(this.#at, this.#at + 400);
    if (length < rest.length && numberPrefix.test(rest)) {
      this.#at = this.#text.length;
      this.#fail("the rest of a number");
    }
    if (length === 0) this.#fail("a number");
    this.#at += length;
  }

  #literal(): void {
    for (const literal of ["true", "false", "null"]) {
      if (this.#text.startsWith(literal, this.#at)) {
        this.#at += literal.length;
        return;
      }
      const rest = this.#text.slice(this.#at);
      if (rest !== "" && literal.startsWith(rest)) {
        this.#at = this.#text.length;
        this.#fail(literal);
      }
    }
    this.#fail("a JSON value");
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #fail(expected: string): never {
    throw new ScanFailure({ offset: this.#at, expected, truncated: this.#at >= this.#text.length });
  }
}

function step(target: Path, taken: string | number): Path {
  return target !== null && target.length > 0 && target[0] === taken ? target.slice(1) : null;
}
