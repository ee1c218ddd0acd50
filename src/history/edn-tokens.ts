import { type Edn, EdnChar, EdnDecimal, EdnSymbol } from "./edn.ts";

/** Kinds of characters, as bits; see {@link isKind}. Commas are spaces. */
export const space = 1;
/** Ends a token: spaces, brackets, quotes, semicolons, backslashes. */
export const terminator = 2;
export const digit = 4;

/** What a character below 128 is; everything that is neither ends no token. */
const kindOf = new Uint8Array(128);
for (const character of " ,\t\r\n\f\v\b") kindOf[character.charCodeAt(0)] = space | terminator;
for (const character of '()[]{}";\\') kindOf[character.charCodeAt(0)] = terminator;
for (const character of "0123456789") kindOf[character.charCodeAt(0)] = digit;

/** Whether a character code is of a kind. NaN, beyond the end of a text, is of none. */
export function isKind(code: number, kind: number): boolean {
  return code < 128 && ((kindOf[code] ?? 0) & kind) !== 0;
}

const intPattern = /^[+-]?(?:0|[1-9][0-9]*)N?$/;
const hexPattern = /^[+-]?0[xX][0-9a-fA-F]+N?$/;
const floatPattern = /^[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?M?$/;
const tokenPattern = /^[^@^`~#]+$/;
const namedChars: ReadonlyMap<string, string> = new Map([
  ["newline", "\n"],
  ["space", " "],
  ["tab", "\t"],
  ["return", "\r"],
  ["formfeed", "\f"],
  ["backspace", "\b"],
]);

/** The nil, boolean, number or symbol that a token is; undefined if it is none of these. */
export function scalarFromToken(token: string): Edn | undefined {
  switch (token) {
    case "nil":
      return null;
    case "true":
      return true;
    case "false":
      return false;
  }
  if (!/^[+-]?[0-9]/.test(token)) return isNameLike(token) ? new EdnSymbol(ownCopy(token)) : undefined;
  if (intPattern.test(token) || hexPattern.test(token)) return toInteger(token);
  if (!floatPattern.test(token)) return undefined;
  return token.endsWith("M") ? new EdnDecimal(ownCopy(token.slice(0, -1))) : Number(token);
}

function toInteger(token: string): number | bigint {
  const digits = token.replace(/^[+-]/, "").replace(/N$/, "");
  const magnitude = BigInt(digits);
  const value = token.startsWith("-") ? -magnitude : magnitude;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** The character that a token with its backslash is; undefined if it is none. */
export function charFromToken(token: string): EdnChar | undefined {
  const body = token.slice(1);
  const char = body.length === 1 ? body : namedChars.get(body);
  if (char !== undefined) return new EdnChar(char);
  if (!/^u[0-9a-fA-F]{4}$/.test(body)) return undefined;
  return new EdnChar(String.fromCharCode(Number.parseInt(body.slice(1), 16)));
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
};

/** The content of a string without its escapes; `refuse` is called for one that EDN does not have. */
export function unescape(content: string, refuse: (escape: string, at: number) => never): string {
  return content.replace(/\\(u[0-9a-fA-F]{4}|[^])/g, (escape, body: string, at: number) => {
    if (body.length === 5) return String.fromCharCode(Number.parseInt(body.slice(1), 16));
    return escapes[body] ?? refuse(escape, at);
  });
}

/** Whether a token can be a symbol or a keyword. Allows more than the specification, as Clojure prints more. */
export function isNameLike(text: string): boolean {
  return text !== "" && tokenPattern.test(text.replaceAll("#", "")) && !text.startsWith("#");
}

/** The same text on its own: V8 lets a slice of 13 or more characters keep its whole source alive. */
export function ownCopy(slice: string): string {
  return slice.length < 13 ? slice : (JSON.parse(JSON.stringify(slice)) as string);
}
