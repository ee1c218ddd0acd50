import {
  type Edn,
  EdnChar,
  EdnDecimal,
  EdnKeyword,
  EdnList,
  EdnMap,
  EdnSet,
  EdnSymbol,
  EdnTagged,
  isKeywordName,
  isSymbolName,
} from "./edn.ts";
import { canonicalJson, isJsonArray, isSafeJson } from "./json-value.ts";
import type { Json } from "./operation.ts";

/**
 * EDN as JSON, different values staying different. A keyword is a string with its colon; vectors and
 * lists are arrays (they are equal in EDN); maps of strings and keywords are objects. What JSON lacks
 * is an object with one member whose name begins with #: `{"#set":[…]}`, `{"#int":"9007199254740993"}`,
 * `{"#string":":x"}` for a string that looks like a keyword, and so on.
 */
export function jsonFromEdn(value: Edn): Json {
  if (typeof value === "string") return isKeywordText(value) ? { "#string": value } : value;
  if (typeof value === "number") return isSafeJson(value) ? value : { "#float": String(value) };
  if (typeof value === "bigint") return { "#int": String(value) };
  return typeof value === "boolean" || value === null ? value : fromObject(value);
}

/**
 * JSON as EDN: the inverse of {@link jsonFromEdn}. For every JSON value v,
 * `jsonFromEdn(ednFromJson(v))` equals v, member order included.
 */
export function ednFromJson(value: Json): Edn {
  if (typeof value === "string") return isKeywordText(value) ? new EdnKeyword(value.slice(1)) : value;
  if (typeof value !== "object" || value === null) return value;
  if (isJsonArray(value)) return value.map(ednFromJson);
  return fromMarked(value) ?? ednMapFromJson(value);
}

/** An object as a map, even where it could stand for something that JSON lacks. */
export function ednMapFromJson(value: Readonly<Record<string, Json>>): EdnMap {
  return new EdnMap(Object.entries(value).flatMap(([name, item]) => [ednFromJson(name), ednFromJson(item)]));
}

function isKeywordText(text: string): boolean {
  return text.charCodeAt(0) === 58 && isKeywordName(text.slice(1));
}

function fromObject(value: Exclude<Edn, null | boolean | number | bigint | string>): Json {
  if (value instanceof EdnKeyword) return `:${value.name}`;
  if (value instanceof EdnSymbol) return { "#symbol": value.name };
  if (value instanceof EdnChar) return { "#char": value.char };
  if (value instanceof EdnDecimal) return { "#decimal": value.digits };
  if (value instanceof EdnList) return value.items.map(jsonFromEdn);
  if (value instanceof EdnSet) return { "#set": sorted(value.items.map(jsonFromEdn)) };
  if (value instanceof EdnTagged) return { "#tag": [value.tag, jsonFromEdn(value.value)] };
  if (value instanceof EdnMap) return fromMap(value);
  return value.map(jsonFromEdn);
}

function fromMap(map: EdnMap): Json {
  const pairs: [key: Json, value: Json][] = [];
  for (let at = 0; at < map.entries.length; at += 2) {
    const [key = null, value = null] = map.entries.slice(at, at + 2);
    pairs.push([jsonFromEdn(key), jsonFromEdn(value)]);
  }
  const named = pairs.filter((pair): pair is [string, Json] => typeof pair[0] === "string");
  return named.length === pairs.length ? Object.fromEntries(named) : { "#map": sorted(pairs) };
}

/** In the order of their canonical texts, each once: equal sets become equal arrays. */
function sorted(items: readonly Json[]): Json[] {
  const byText = new Map(items.map((item) => [canonicalJson(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** What a marked object stands for; undefined if it is none, or would not come back as it is. */
function fromMarked(value: Readonly<Record<string, Json>>): Edn | undefined {
  const names = Object.keys(value);
  const mark = names[0];
  if (names.length !== 1 || mark?.startsWith("#") !== true) return undefined;
  const candidate = unmark(mark, value[mark] ?? null);
  if (candidate === undefined) return undefined;
  return JSON.stringify(jsonFromEdn(candidate)) === JSON.stringify(value) ? candidate : undefined;
}

function unmark(mark: string, content: Json): Edn | undefined {
  if (typeof content === "string") return unmarkText(mark, content);
  if (!Array.isArray(content)) return undefined;
  const items = content as readonly Json[];
  const [first, second = null] = items;
  switch (mark) {
    case "#set":
      return new EdnSet(items.map(ednFromJson));
    case "#map":
      return new EdnMap(
        items.flatMap((pair) => (Array.isArray(pair) ? (pair as Json[]).map(ednFromJson) : [])),
      );
    case "#tag":
      if (typeof first !== "string" || !isSymbolName(first)) return undefined;
      return new EdnTagged(first, ednFromJson(second));
    default:
      return undefined;
  }
}

function unmarkText(mark: string, text: string): Edn | undefined {
  switch (mark) {
    case "#string":
      return text;
    case "#int":
      return /^-?[0-9]+$/.test(text) && !Number.isSafeInteger(Number(text)) ? BigInt(text) : undefined;
    case "#float":
      return Number(text);
    case "#decimal":
      return /^[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?$/.test(text)
        ? new EdnDecimal(text)
        : undefined;
    case "#char":
      return text.length === 1 ? new EdnChar(text) : undefined;
    case "#symbol":
      return isSymbolName(text) ? new EdnSymbol(text) : undefined;
    default:
      return undefined;
  }
}
