import type { DatabaseKind } from "../../history/header.ts";
import { dialectOf, piecesOf } from "./sql-pieces.ts";

/**
 * A parameter as a literal that means to the server what the driver's parameter meant.
 *
 * PostgreSQL is sent every value as text whose type it infers, which is what a quoted literal is to it: so
 * numbers are quoted too. Bytes are `bytea`. Dates are in this machine's time zone with its offset, as `pg`
 * sends them. MySQL and MariaDB are sent literals by the driver already: numbers bare, arrays as JSON, dates
 * in this machine's time zone without an offset. Line breaks and control characters are escaped, so that a
 * literal is one line.
 */
export function sqlLiteral(value: unknown, kind: DatabaseKind): string {
  const plain = plainValue(value);
  if (plain === null) return "NULL";
  return dialectOf(kind) === "postgres" ? postgresLiteral(plain) : mysqlLiteral(plain);
}

/**
 * The statement with its `$1`, `$2`, … replaced by literals, but for those in strings, quoted names,
 * comments and dollar quotes. A statement without parameters is left as it is.
 *
 * @throws RangeError when the statement names a parameter that is not there
 */
export function withLiterals(sql: string, params: readonly unknown[], kind: DatabaseKind): string {
  if (params.length === 0) return sql;
  return piecesOf(sql, dialectOf(kind))
    .map((piece) => {
      if (piece.kind !== "placeholder") return piece.text;
      const position = Number(piece.text.slice(1));
      if (position < 1 || position > params.length)
        throw new RangeError(`The statement uses $${position}, and has ${params.length} parameters.`);
      return sqlLiteral(params[position - 1], kind);
    })
    .join("");
}

type Plain = string | number | boolean | Date | Uint8Array | readonly (Plain | null)[];

/** What the client makes of a value before a driver sees it: `undefined` is NULL, an object is JSON text. */
function plainValue(value: unknown): Plain | null {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "object":
      if (value === null || value instanceof Date || value instanceof Uint8Array) return value;
      return Array.isArray(value) ? value.map(plainValue) : JSON.stringify(value);
    case "bigint":
      return value.toString();
    case "undefined":
    case "function":
    case "symbol":
      return null;
  }
}

function postgresLiteral(value: Plain): string {
  if (value instanceof Uint8Array) return `'\\x${hex(value)}'::bytea`;
  const text = postgresText(value);
  const quoted = text.replaceAll("'", "''");
  if (!/\p{Cc}/u.test(text)) return `'${quoted}'`;
  const escaped = quoted.replaceAll("\\", "\\\\");
  return `E'${escaped.replace(/\p{Cc}/gu, (control) => controlEscape(control))}'`;
}

function controlEscape(character: string): string {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** As the driver's text format has it; numbers in arrays are quoted there too. */
function postgresText(value: Plain): string {
  if (value instanceof Date) return postgresDate(value);
  if (value instanceof Uint8Array) return `\\x${hex(value)}`;
  if (typeof value === "object") return `{${value.map(arrayElement).join(",")}}`;
  return String(value);
}

function arrayElement(value: Plain | null): string {
  if (value === null) return "NULL";
  const text = postgresText(value);
  if (typeof value === "object" && !(value instanceof Date) && !(value instanceof Uint8Array)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function postgresDate(date: Date): string {
  const year = date.getFullYear();
  const offset = -date.getTimezoneOffset();
  const zone = `${pad(Math.floor(Math.abs(offset) / 60), 2)}:${pad(Math.abs(offset) % 60, 2)}`;
  // There is no year 0 before Christ: what JavaScript calls 0 is 1 BC.
  const day = `${pad(year < 1 ? 1 - year : year, 4)}-${monthAndDay(date)}`;
  return `${day}T${timeOfDay(date)}${offset < 0 ? "-" : "+"}${zone}${year < 1 ? " BC" : ""}`;
}

function mysqlLiteral(value: Plain): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Uint8Array) return `X'${hex(value)}'`;
  if (value instanceof Date)
    return Number.isNaN(value.getTime())
      ? "NULL"
      : `'${pad(value.getFullYear(), 4)}-${monthAndDay(value)} ${timeOfDay(value)}'`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // eslint-disable-next-line no-control-regex -- these are what the manual wants escaped
  return `'${text.replace(/[\0\b\t\n\r\u001a'\\]/g, (c) => mysqlEscapes[c] ?? c)}'`;
}

const mysqlEscapes: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\u001a": "\\Z",
  "'": "''",
  "\\": "\\\\",
};

function monthAndDay(date: Date): string {
  return `${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
}

function timeOfDay(date: Date): string {
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part, 2));
  return `${parts.join(":")}.${pad(date.getMilliseconds(), 3)}`;
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, "0");
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
