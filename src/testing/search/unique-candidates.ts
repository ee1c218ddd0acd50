import type { TraceEvent } from "../../scheduler/trace.ts";

/** Columns of a table that might have to be unique. */
export interface UniqueCandidate {
  readonly table: string;
  readonly columns: readonly string[];
}

/**
 * Tables into which rows were inserted after it was looked whether they were there: the columns that were looked at, of
 * those that are inserted. By the statements' texts, for the plain ones; each of them once, however many statements name
 * the same columns.
 */
export function uniqueCandidates(events: readonly TraceEvent[]): readonly UniqueCandidate[] {
  const texts = [...new Set(events.flatMap((event) => (event.type === "sent" ? [event.sql] : [])))];
  const inserts = texts.flatMap((sql) => {
    const [, table, columns] = /^\s*insert\s+into\s+([\w."`]+)\s*\(([^)]*)\)/i.exec(sql) ?? [];
    return table === undefined || columns === undefined
      ? []
      : [{ table, columns: columns.split(",").map((column) => bare(column)) }];
  });
  const candidates = inserts.flatMap(({ table, columns }) => {
    const looked = texts.flatMap((sql) => lookedAt(sql, bare(table)));
    const both = [...new Set(looked)].filter((column) => columns.includes(column));
    return both.length === 0 ? [] : [{ table, columns: both }];
  });
  const byText = new Map(candidates.map((one) => [`${unquoted(one.table)} ${one.columns.join()}`, one]));
  return [...byText.values()];
}

/** Columns that a SELECT of a table compares with `=`. */
function lookedAt(sql: string, table: string): readonly string[] {
  if (!/^\s*select\b/i.test(sql)) return [];
  const [, from] = /\bfrom\s+([\w."`]+)/i.exec(sql) ?? [];
  if (from === undefined || bare(from) !== table) return [];
  const where = /\bwhere\b([\s\S]*)/i.exec(sql)?.[1] ?? "";
  return [...where.matchAll(/([\w."`]+)\s*=\s*(?:\$\d+|\?|'|\d)/g)].map(([, column = ""]) => bare(column));
}

/** Without its table and quotes. */
function bare(name: string): string {
  return unquoted(name.trim().split(".").at(-1) ?? "");
}

function unquoted(name: string): string {
  return name.replaceAll(/["`]/g, "");
}
