import type { TracedResult } from "../../scheduler/trace.ts";
import { table } from "../terminal/table.ts";

/** Rows of a result that are shown, and characters of one value. */
const maxRows = 12;
const maxCell = 40;

/**
 * What a statement answered, as lines of text: a headline (`2 rows:`, `1 row affected`, `ok`,
 * `ERROR 40001 …`) and a small table of the rows, indented. Long values and many rows are cut.
 */
export function resultLines(sql: string, result: TracedResult): readonly string[] {
  if ("error" in result) return [errorLine(result.error)];
  if ("rows" in result && (result.rows.length > 0 || reads(sql))) {
    const { rows } = result;
    return rows.length === 0 ? ["0 rows"] : [`${count(rows.length)}:`, ...rowLines(rows)];
  }
  const affected = "affected" in result ? result.affected : 0;
  return [writes(sql) || affected > 0 ? `${count(affected)} affected` : "ok"];
}

/** Rows as a table, each line indented by two. */
export function rowLines(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const shown = rows.slice(0, maxRows).map((row) => columns.map((column) => cellText(row[column])));
  const lines = table([columns.map(flat), ...shown]).split("\n");
  const more = rows.length > maxRows ? [`… ${rows.length - maxRows} more`] : [];
  return [...lines, ...more].map((line) => `  ${line}`);
}

/** Text that stays inside its comment: no line breaks, no control characters. */
export function flat(text: string): string {
  // eslint-disable-next-line no-control-regex -- a terminal would obey them
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
}

function errorLine({ code, message }: { code?: string | number; message: string }): string {
  const text = flat(message);
  return `ERROR ${code === undefined ? "" : `${code} `}${text.length > 200 ? `${text.slice(0, 199)}…` : text}`;
}

function cellText(value: unknown): string {
  const text = flat(valueText(value));
  return text.length > maxCell ? `${text.slice(0, maxCell - 1)}…` : text;
}

function valueText(value: unknown): string {
  switch (typeof value) {
    case "object":
      if (value === null) return "NULL";
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? "no date" : value.toISOString();
      if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex")}`;
      return JSON.stringify(value);
    case "string":
      return value;
    case "undefined":
      return "";
    case "number":
    case "bigint":
    case "boolean":
      return `${value}`;
    case "function":
    case "symbol":
      return typeof value;
  }
}

function count(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}

function reads(sql: string): boolean {
  return /^[\s(]*(?:select|with|values|table|show|explain)\b|\breturning\b/i.test(sql);
}

function writes(sql: string): boolean {
  return /^\s*(?:insert|update|delete|merge|replace)\b/i.test(sql);
}
