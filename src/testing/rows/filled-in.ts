import type { SqlToken } from "./sql-tokens.ts";

/** Whether a literal is a value of the application's that the driver has put into the text: surely, or perhaps. */
export type Filled = "surely" | "perhaps";

/**
 * Literals that a driver has put into a text, by the position at which they begin. The values stand there in their
 * order, with other literals between them. Those for which there is one place only are sure.
 *
 * @param values as the driver was given them: one, a list, or an object
 */
export function filledLiterals(tokens: readonly SqlToken[], values: unknown): ReadonlyMap<number, Filled> {
  const wanted = leavesOf(values);
  const literals = literalsOf(tokens);
  if (wanted.length === 0) return new Map();
  const earliest = placesOf(wanted, literals);
  const latest = placesOf([...wanted].reverse(), [...literals].reverse())
    .map((place) => literals.length - 1 - place)
    .reverse();
  // A value whose text is not known as such: any of them may be it.
  if (earliest.length < wanted.length) return new Map(literals.map(({ from }) => [from, "perhaps"]));
  return new Map(
    literals.flatMap(({ from, text }, at): readonly (readonly [number, Filled])[] => {
      const could = wanted.flatMap((value, i) => {
        const [first, last] = [earliest[i] ?? 0, latest[i] ?? 0];
        return first <= at && at <= last && isTextOf(text, value) ? [first === last] : [];
      });
      if (could.length === 0) return [];
      return [[from, could.includes(true) ? "surely" : "perhaps"]];
    }),
  );
}

interface Literal {
  readonly from: number;
  readonly text: string;
}

/** Whether a token is a literal, or begins one. */
export function isLiteral({ kind, raw, text }: SqlToken): boolean {
  return kind === "string" || /^\d/.test(raw) || (kind === "word" && /^(?:null|true|false)$/.test(text));
}

function literalsOf(tokens: readonly SqlToken[]): readonly Literal[] {
  const found: Literal[] = [];
  for (const [i, token] of tokens.entries()) {
    if (!isLiteral(token)) continue;
    const [whole, point] = [tokens[i - 2], tokens[i - 1]];
    const last = found.at(-1);
    if (point?.raw === "." && last !== undefined && last.from === whole?.from)
      found[found.length - 1] = { from: last.from, text: `${last.text}.${token.raw}` };
    else found.push({ from: token.from, text: token.raw });
  }
  return found;
}

/** Where values stand if each is put into the first place that there is for it; as many as have one. */
function placesOf(values: readonly unknown[], literals: readonly Literal[]): readonly number[] {
  const places: number[] = [];
  let at = 0;
  for (const value of values) {
    while (at < literals.length && !isTextOf(literals[at]?.text ?? "", value)) at++;
    if (at === literals.length) return places;
    places.push(at++);
  }
  return places;
}

/** The sign of a number is no part of the literal. */
function isTextOf(text: string, value: unknown): boolean {
  if (value instanceof Date) return /^'\d{4}-\d\d-\d\d/.test(text);
  if (value instanceof Uint8Array) return /^x'/i.test(text);
  if (typeof value === "string") return text.startsWith("'") && unquoted(text) === value;
  return String(value).replace(/^-/, "").toLowerCase() === text.toLowerCase();
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'").replaceAll(/\\(.)/g, "$1");
}

function leavesOf(values: unknown): readonly unknown[] {
  if (values === undefined) return [];
  const isList =
    typeof values === "object" &&
    values !== null &&
    !(values instanceof Date || values instanceof Uint8Array);
  return isList ? Object.values(values).flatMap(leavesOf) : [values];
}
