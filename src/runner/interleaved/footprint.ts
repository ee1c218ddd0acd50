import type { Catalog } from "../../clients/catalog.ts";
import type { Footprint } from "../../scheduler/point.ts";

/** Touches nothing. */
export const nothing: Footprint = { tables: [], readOnly: true };

/** May touch anything. */
export const anything: Footprint = { tables: "all", readOnly: false };

/**
 * What a statement may touch, by its text: every table of the run whose name occurs in it, and with a
 * statement that writes also those that foreign keys tie to them. Whatever might reach further (functions we
 * do not know, views, triggers), and a text that the two dialects read differently, touches anything.
 */
export function footprints(catalog: Catalog): (sql: string) => Footprint {
  const known = new Map<string, Footprint>();
  const names = new Map(catalog.tables.map(({ name }) => [name.toLowerCase(), name]));
  const tied = tiedTables(catalog);
  const opaque = catalog.opaque || catalog.tables.some(({ name }) => !plainName.test(name));
  return (sql) => {
    const found = known.get(sql);
    if (found !== undefined) return found;
    const footprint = opaque || ambiguous.test(sql) ? anything : footprintOf(sql, names, tied);
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

function footprintOf(
  sql: string,
  names: ReadonlyMap<string, string>,
  tied: ReadonlyMap<string, readonly string[]>,
): Footprint {
  const text = sql.replace(quotedOrComment, (part) => (/^["`]/.test(part) ? part : " ")).toLowerCase();
  // To a savepoint: that lets go of locks on whatever was touched since.
  if (/^\s*rollback\b/.test(text)) return anything;
  const readOnly = /^\s*(?:select|with|values|show)\b/.test(text) && !locksOrWrites.test(text);
  const tables = new Set<string>();
  let before = "";
  for (const [, word = "", call] of text.matchAll(/([\p{L}_][\p{L}\p{N}_$]*)["`]?(\s*\()?/gu)) {
    const table = names.get(word);
    if (table !== undefined) {
      tables.add(table);
      if (!readOnly) for (const other of tied.get(table) ?? []) tables.add(other);
    } else if (call !== undefined && before !== "as" && !harmless.has(word)) return anything;
    before = word;
  }
  return { tables: [...tables].sort(), readOnly };
}

/** String literals, quoted names and comments. */
const quotedOrComment = /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;

/**
 * Where a string or a comment ends is not the same everywhere: backslashes, dollar quotes, MySQL's `#`, `--`
 * without a blank and comments that are executed.
 */
const ambiguous = /\\|\$[^\d\s]*\$|#|--(?!\s)|\/\*M?!/;

/** A name that is found in a text as one word. */
const plainName = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

const locksOrWrites =
  /\bfor\s+(?:update|share|no\s+key|key\s+share)\b|\block\s+in\b|\b(?:insert|update|delete|merge|into|call|nextval|setval)\b/;

/** Words before a parenthesis that are no function, and functions that look at nothing but their arguments. */
const harmless: ReadonlySet<string> = new Set(
  (
    "in values and or not on using key where from by then else when case any some all exists as is over with " +
    "set select returning distinct filter interval limit join union except intersect having conflict " +
    "count max min sum avg coalesce nullif concat concat_ws string_agg group_concat array_agg json_agg " +
    "jsonb_agg greatest least abs round floor ceil ceiling mod length char_length lower upper trim substr " +
    "substring replace cast convert if ifnull row_number rank dense_rank lag lead now values char varchar " +
    "decimal numeric json_build_object jsonb_build_object json_object json_array json_extract json_set jsonb_set " +
    "to_json to_jsonb array row extract bool_and bool_or"
  ).split(" "),
);

/** For each table those that foreign keys lead to from it or to it, over any number of steps. */
function tiedTables({ tables }: Catalog): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, Set<string>>(tables.map(({ name }) => [name, new Set()]));
  for (const { name, references } of tables) {
    for (const other of references) {
      neighbours.get(name)?.add(other);
      neighbours.get(other)?.add(name);
    }
  }
  return new Map(tables.map(({ name }) => [name, reachable(name, neighbours)]));
}

function reachable(from: string, neighbours: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const found = new Set([from]);
  for (const name of found) for (const next of neighbours.get(name) ?? []) found.add(next);
  return [...found];
}
