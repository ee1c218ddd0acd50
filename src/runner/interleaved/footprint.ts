import type { Catalog } from "../../clients/catalog.ts";
import type { Footprint } from "../../scheduler/point.ts";
import { knownTables } from "./known-tables.ts";

/** Touches nothing. */
export const nothing: Footprint = { tables: [], readOnly: true };

/** May touch anything. */
export const anything: Footprint = { tables: "all", readOnly: false };

/** Stands for PostgreSQL's tables of what there is, which whatever touches anything may change. */
const systemCatalog = "pg_catalog";

/**
 * What a statement may touch, by its text: every table of the run whose name occurs in it, and with a
 * statement that writes also those that the catalog ties to them. Only what is understood touches less than
 * anything: a SELECT, INSERT, UPDATE, DELETE or the like, of tables that were there, that calls no function
 * which we do not know, in a text that the dialects read alike, where nothing (a view, a trigger) may reach further.
 */
export function footprints(catalog: Catalog): (sql: string) => Footprint {
  const known = new Map<string, Footprint>();
  const names = new Map(catalog.tables.map(({ name }) => [name.toLowerCase(), name]));
  const tied = tiedTables(catalog, names);
  let opaque = catalog.opaque || catalog.tables.some(({ name }) => !plainName.test(name));
  return (sql) => {
    if (opaque) return anything;
    const found = known.get(sql);
    if (found !== undefined) return found;
    opaque = tiesAnew.test(sql);
    const footprint = ambiguous.test(sql) ? anything : footprintOf(sql, names, tied);
    known.set(sql, footprint);
    return footprint;
  };
}

/** Both. */
export function union(one: Footprint, other: Footprint): Footprint {
  return {
    tables:
      one.tables === "all" || other.tables === "all" ? "all" : [...new Set([...one.tables, ...other.tables])],
    readOnly: one.readOnly && other.readOnly,
  };
}

/** Whether it touches no table but PostgreSQL's own, of types and the like, and these to read them. */
export function touchesNoTable({ tables, readOnly }: Footprint): boolean {
  return tables !== "all" && tables.every((table) => readOnly && table === systemCatalog);
}

function footprintOf(
  sql: string,
  names: ReadonlyMap<string, string>,
  tied: ReadonlyMap<string, readonly string[]>,
): Footprint {
  const text = sql.replace(quotedOrComment, (part) => (/^["`]/.test(part) ? part : " ")).toLowerCase();
  if (!understood.test(text) || severalStatements.test(text) || nextOfSequence.test(text)) return anything;
  const isKnown = (name: string): boolean => names.has(name) || systemTables.has(name);
  if (!knownTables(text, isKnown)) return anything;
  const readOnly = /^\s*\(*\s*(?:select|with|values|table)\b/.test(text) && !locksOrWrites.test(text);
  const tables = new Set<string>();
  let before = "";
  for (const [, word = "", call] of text.matchAll(/([\p{L}_][\p{L}\p{N}_$]*)["`]?(\s*\()?/gu)) {
    const table = names.get(word);
    if (table !== undefined) {
      tables.add(table);
      if (!readOnly) for (const other of tied.get(table) ?? []) tables.add(other);
    } else if (call !== undefined && before !== "as" && !harmless.has(word)) return anything;
    else if (systemTables.has(word)) tables.add(systemCatalog);
    before = word;
  }
  return { tables: [...tables].sort(), readOnly };
}

/**
 * What a statement begins with whose text says all that it does. A ROLLBACK TO is none: it lets go of locks on
 * whatever was touched since.
 */
const understood = /^\s*\(*\s*(?:select|with|values|table|insert|update|delete|replace|merge)\b/;

/** What may make a view, a trigger or another tie between tables that are there, so that names tell less from then on. */
const tiesAnew = /\balter\b|\bcreate\b(?!\s+(?:(?:temp|temporary|unlogged)\s+)?(?:table|unique|index)\b)/i;

/** One at a time is understood. */
const severalStatements = /;\s*\S/;

/** What changes a sequence without a function's parentheses (MariaDB manual, NEXT VALUE). */
const nextOfSequence = /\bnext\s+value\s+for\b|\.\s*["`]?nextval\b/;

/** String literals, quoted names and comments. */
const quotedOrComment = /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;

/**
 * Where a string or a comment ends, or which name it is, is not the same everywhere or not to be seen: backslashes,
 * dollar quotes, MySQL's `#`, `--` without a blank, comments that are executed, comments in comments or ended
 * by a lone carriage return, PostgreSQL's `U&"…"`.
 */
const ambiguous = /\\|\$[^\d\s]*\$|#|--(?!\s)|--[^\n]*\r(?!\n)|\/\*M?!|\/\*(?:[^*]|\*(?!\/))*?\/\*|\bu&["']/i;

/** A name that is found in a text as one word. */
const plainName = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

const locksOrWrites =
  /\bfor\s+(?:update|share|no\s+key|key\s+share)\b|\block\s+in\b|\b(?:insert|update|delete|merge|into|call|nextval|setval)\b/;

/** Tables of PostgreSQL's that say what there is, and nothing of who does what at the moment. */
const systemTables: ReadonlySet<string> = new Set(
  (
    "pg_attribute pg_authid pg_class pg_collation pg_constraint pg_database pg_description pg_enum pg_index " +
    "pg_namespace pg_proc pg_range pg_roles pg_type"
  ).split(" "),
);

/** Words before a parenthesis that are no function, and functions that look at nothing but their arguments. */
const harmless: ReadonlySet<string> = new Set(
  (
    "in values and or not on using key where from by then else when case any some all exists as is over with " +
    "set select returning distinct filter interval limit join union except intersect having conflict " +
    "count max min sum avg coalesce nullif concat concat_ws string_agg group_concat array_agg json_agg " +
    "jsonb_agg greatest least abs round floor ceil ceiling mod length char_length lower upper trim substr " +
    "substring replace cast convert if ifnull row_number rank dense_rank lag lead now values char varchar " +
    "decimal numeric json_build_object jsonb_build_object json_object json_array json_extract json_set jsonb_set " +
    "to_json to_jsonb array row extract bool_and bool_or insert default lateral"
  ).split(" "),
);

/** For each table those that are tied to it, over any number of steps and in either direction. */
function tiedTables(
  { tables }: Catalog,
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  // Two names that differ in case only stand for each other.
  const nameOf = (name: string): string => names.get(name.toLowerCase()) ?? name;
  const neighbours = new Map<string, Set<string>>(tables.map(({ name }) => [nameOf(name), new Set()]));
  for (const { name, references } of tables) {
    for (const other of references.map(nameOf)) {
      neighbours.get(nameOf(name))?.add(other);
      neighbours.get(other)?.add(nameOf(name));
    }
  }
  return new Map([...neighbours.keys()].map((name) => [name, reachable(name, neighbours)]));
}

function reachable(from: string, neighbours: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const found = new Set([from]);
  for (const name of found) for (const next of neighbours.get(name) ?? []) found.add(next);
  return [...found];
}
