import { mayWrite } from "../../runner/hides-writes.ts";
import { mentions } from "../mentions.ts";
import type { Catalogue, Table } from "./catalogue.ts";
import type { State, TableState } from "./outcome.ts";
import { isNearEpoch, timeOfText } from "./shapes.ts";

/** What an execution may have shown and nobody has looked at. */
export interface NotCompared {
  readonly catalogue: Catalogue;
  readonly state: State;
  /** Statements that were sent. */
  readonly sent: readonly string[];
  /** Routines, triggers and rules that are stored in the database. */
  readonly stored: readonly string[];
  /** See `RaceOptions`. */
  readonly ignore: readonly string[];
  readonly nowMs: number;
}

/** Sentences about what was not compared though these statements write it: a clean answer proves nothing. */
export function uncomparedWrites({ catalogue, state, sent, stored, ignore }: NotCompared): readonly string[] {
  const writes = [...sent.filter(mayWrite), ...stored];
  const large = leftOut(catalogue, state, ignore)
    .filter(([{ name }]) => writes.some((sql) => names(sql, bare(name))))
    .map(
      ([{ name }, why]) =>
        `${why}, though the functions may write it: let the set-up make fewer, or judge by an \`invariant\` and leave it out: ignore: ["${name}"].`,
    );
  const known = new Set(catalogue.tables.map(({ name }) => bare(name).toLowerCase()));
  const made = sent
    .flatMap((sql) => madeTable.exec(sql)?.groups?.name ?? [])
    .filter((name) => !known.has(name.toLowerCase()))
    .map(
      (name) =>
        `${name} was not compared: it was not there when the functions had run one after another. Make it in the set-up.`,
    );
  return [...large, ...made];
}

/** Sentences about what was not compared and need not matter. */
export function uncomparedBesides(options: NotCompared): readonly string[] {
  const { catalogue, state, sent, ignore, nowMs } = options;
  const large = leftOut(catalogue, state, ignore).map(([, why]) => `${why}.`);
  const updates = sent.filter((sql) => /\bupdate\b/i.test(sql));
  const times = catalogue.tables.flatMap((table) =>
    table.columns.flatMap((column, i) => {
      const place = `${table.name}.${column.name}`;
      if (ignore.includes(table.name) || ignore.includes(place)) return [];
      if (!updates.some((sql) => names(sql, bare(table.name)) && names(sql, column.name))) return [];
      return holdsNearTime(state.tables.get(table.name), i, nowMs) ? [nearTime(place)] : [];
    }),
  );
  const counted = catalogue.tables.flatMap((table) =>
    table.columns.flatMap((column) => {
      const place = `${table.name}.${column.name}`;
      if (column.keyOf !== place || table.primaryKey.includes(column.name)) return [];
      if (ignore.includes(table.name) || ignore.includes(place)) return [];
      const isSet = sent.some((sql) => names(sql, bare(table.name)) && sets(sql, column.name));
      return isSet ? [countedValue(place)] : [];
    }),
  );
  return [...large, ...times, ...counted];
}

function leftOut(
  { tables }: Catalogue,
  state: State,
  ignore: readonly string[],
): readonly (readonly [table: Table, why: string])[] {
  return tables.flatMap((table) => {
    const of = state.tables.get(table.name);
    return of?.type === "left-out" && !ignore.includes(table.name) ? [[table, of.why] as const] : [];
  });
}

function holdsNearTime(table: TableState | undefined, column: number, nowMs: number): boolean {
  if (table?.type !== "rows") return false;
  return table.rows.some((row) => {
    const text = row[column];
    if (typeof text !== "string") return false;
    return timeOfText(text, nowMs)?.isNear === true || isNearEpoch(Number(text), nowMs);
  });
}

function nearTime(place: string): string {
  return `${place} was not compared: a time near to now. That an update of it is lost takes an \`invariant\`.`;
}

/** Whether an INSERT lists a column, or an UPDATE sets it. */
function sets(sql: string, column: string): boolean {
  const listed = /\binsert\s+into\s+[^\s(]+\s*\((?<columns>[^)]*)\)/i.exec(sql)?.groups?.columns ?? "";
  const set = /\bset\b(?<set>[\s\S]*?)(?:\bwhere\b|\breturning\b|$)/i.exec(sql)?.groups?.set ?? "";
  const assigned = [...set.matchAll(/(?:^|,)\s*["`]?(\w+)["`]?\s*=/g)].map(([, name = ""]) => name);
  return [listed, ...assigned].some((text) => names(text, column));
}

function countedValue(place: string): string {
  return `${place} was not compared by its values: the server counts them by itself. As the functions set them, that takes an \`invariant\`.`;
}

/** Without its schema. */
function bare(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function names(sql: string, name: string): boolean {
  return mentions([name])(sql);
}

const madeTable =
  /\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:["`]?[\w$]+["`]?\s*\.\s*)?["`]?(?<name>[\w$]+)/i;
