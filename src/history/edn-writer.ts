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
} from "./edn.ts";

/**
 * A value as EDN on one line. Reading it again gives an equal value, provided that the names of
 * keywords, symbols and tags are names. Linear; recursive in the nesting.
 */
export function printEdn(value: Edn): string {
  // Every escape that JSON writes is one that EDN readers know.
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return printNumber(value);
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? String(value) : `${value}N`;
  if (value === null) return "nil";
  return typeof value === "boolean" ? String(value) : printObject(value);
}

function printObject(value: Exclude<Edn, null | boolean | number | bigint | string>): string {
  if (isVector(value)) return `[${printAll(value)}]`;
  if (value instanceof EdnKeyword) return `:${value.name}`;
  if (value instanceof EdnSymbol) return value.name;
  if (value instanceof EdnChar) return printChar(value.char);
  if (value instanceof EdnDecimal) return `${value.digits}M`;
  if (value instanceof EdnList) return `(${printAll(value.items)})`;
  if (value instanceof EdnSet) return `#{${printAll(value.items)}}`;
  if (value instanceof EdnTagged) return `#${value.tag} ${printEdn(value.value)}`;
  return printMap(value);
}

/** `Array.isArray` that keeps the element type. */
export function isVector(value: Edn): value is readonly Edn[] {
  return Array.isArray(value);
}

function printAll(items: readonly Edn[]): string {
  return items.map(printEdn).join(" ");
}

function printMap(map: EdnMap): string {
  let text = "";
  for (let at = 0; at < map.entries.length; at += 2) {
    const [key = null, value = null] = map.entries.slice(at, at + 2);
    text += `${at === 0 ? "" : ", "}${printEdn(key)} ${printEdn(value)}`;
  }
  return `{${text}}`;
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return "##NaN";
  if (!Number.isFinite(value)) return value > 0 ? "##Inf" : "##-Inf";
  // Without an exponent a large float would be read as an integer.
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? value.toExponential() : String(value);
}

const charNames: Readonly<Record<string, string>> = {
  "\n": "newline",
  " ": "space",
  "\t": "tab",
  "\r": "return",
};

function printChar(char: string): string {
  const name = charNames[char];
  if (name !== undefined) return `\\${name}`;
  if (/^[!-~]$/.test(char)) return `\\${char}`;
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
