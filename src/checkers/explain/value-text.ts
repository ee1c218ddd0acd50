import type { Json, Mop } from "../../history/operation.ts";

/** A bound: characters of one value; longer ones are cut in the middle. */
export const valueCharacters = 60;

/** A bound: a list of more elements shows only those around the one that decides. */
export const listElements = 8;

/** How many elements are shown on each side of the one that decides. */
const neighbours = 2;

/**
 * A key, value or element as a person writes it: simple strings bare, everything else as JSON, cut in
 * the middle to so many characters. Never holds a control character, a line break or a change of writing
 * direction, whatever the history holds, so it can stand in a terminal, a table or a drawing.
 */
export function valueText(value: unknown, characters: number = valueCharacters): string {
  if (typeof value === "string" && isSimple(value)) return cut(value, characters);
  return cut(visible(JSON.stringify(value ?? null)), characters);
}

/** A key as sentences name it: `model/3`, but `key 3` for a number, which says nothing by itself. */
export function keyName(key: unknown, characters: number = valueCharacters): string {
  const text = valueText(key, characters);
  return typeof key === "number" ? `key ${text}` : text;
}

/**
 * A list, cut to the neighbourhood of one element: `[… 4,997 more, 4998, 4999, 5000]`.
 * @param focus position of the element that decides; the last one by default, where the next would come
 */
export function listText(items: readonly Json[], focus: number = items.length - 1, ends = "[]"): string {
  const whole = items.length <= listElements;
  const from = whole ? 0 : Math.max(0, focus - neighbours);
  const to = whole ? items.length : Math.min(items.length, focus + neighbours + 1);
  const shown = items.slice(from, to).map((item) => valueText(item));
  const before = from > 0 ? [`… ${count(from)} more`] : [];
  const after = to < items.length ? [`${count(items.length - to)} more …`] : [];
  return `${ends.charAt(0)}${[...before, ...shown, ...after].join(", ")}${ends.charAt(1)}`;
}

/**
 * A micro-operation as a person says it: `append 5 to x`, `read x → [1, 5]`.
 * @param deciding the element that decides, where known: long lists show its neighbourhood
 */
export function mopText([kind, key, value]: Mop, deciding?: Json): string {
  const name = keyName(key);
  switch (kind) {
    case "append":
    case "add":
      return `${kind} ${valueText(value)} to ${name}`;
    case "w":
      return `write ${valueText(value)} to ${name}`;
    case "r":
      return `read ${name} → ${readText(value, deciding, "[]")}`;
    case "rs":
      return `read ${name} → ${readText(value, deciding, "{}")}`;
    default:
      return [visible(kind), name, ...(value === null ? [] : [valueText(value)])].join(" ");
  }
}

/** Whether two values are the same JSON. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** "a", "a and b", "a, b and c". */
export function sentenceList(items: readonly string[]): string {
  const last = items[items.length - 1] ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

function readText(value: Json, deciding: Json | undefined, ends: string): string {
  if (!Array.isArray(value)) return valueText(value);
  const items = value as readonly Json[];
  const at = deciding === undefined ? -1 : items.findIndex((item) => isSame(item, deciding));
  return listText(items, at === -1 ? undefined : at, ends);
}

function isSimple(text: string): boolean {
  return /^[\p{L}\p{N}_./:@#+-]+$/u.test(text);
}

/** What would be invisible, or would move or hide what stands around it, as an escape. */
function visible(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

function cut(text: string, limit: number): string {
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  const half = Math.floor((limit - 1) / 2);
  return `${characters.slice(0, half).join("")}…${characters.slice(-half).join("")}`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
