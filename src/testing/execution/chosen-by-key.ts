import type { Dialect } from "../../clients/database.ts";
import { isName, isWord } from "../rows/write-statement.ts";
import { sqlTokens, type SqlToken } from "../rows/sql-tokens.ts";

/**
 * The keys of a table, each the columns that have no values twice, all in lower case: a primary key, or unique columns.
 *
 * @param table in lower case, without its schema
 */
export type KeysOf = (table: string) => readonly (readonly string[])[];

/**
 * Whether an UPDATE or DELETE of one table is of one row at most, which it finds by a key that it does not set: all
 * columns of the key are equal to a parameter or a literal in conditions that hold together with whatever else is asked
 * of the row. Of a DELETE the keys may be several (`IN`): a row that is gone is chosen by nobody. Says no in doubt.
 */
export function isChosenByKey(
  sql: string,
  verb: "update" | "delete",
  dialect: Dialect,
  keysOf: KeysOf,
): boolean {
  const all = sqlTokens(sql, dialect);
  const tokens = all.slice(indexOf(all, [verb]) + 1);
  const where = indexOf(tokens, ["where"]);
  const set = verb === "update" ? indexOf(tokens, ["set"]) : where;
  if (where === -1 || set === -1 || set > where) return false;
  const table = tableIn(tokens.slice(verb === "update" ? 0 : indexOf(tokens, ["from"]) + 1, set));
  if (table === undefined) return false;
  const after = tokens.slice(where + 1);
  const end = indexOf(after, ["returning", "order", "limit", ";"]);
  const columns = new Set(columnsGiven(end === -1 ? after : after.slice(0, end), verb));
  const assigned = new Set(tokens.slice(set, where).filter(isName).map(nameOf));
  return keysOf(table).some((key) => key.every((column) => columns.has(column) && !assigned.has(column)));
}

/** Where one of these words or signs stands first outside of all parentheses; -1 where none does. */
function indexOf(tokens: readonly SqlToken[], words: readonly string[]): number {
  return tokens.findIndex(
    ({ kind, text, depth }) => depth === 0 && (kind === "word" || kind === "sign") && words.includes(text),
  );
}

/** Words that may stand before the name of a table. */
const modifiers = ["only", "low_priority", "quick", "ignore"];

function tableIn(target: readonly SqlToken[]): string | undefined {
  const tokens = target.slice(target.findIndex((token) => !modifiers.some((word) => isWord(token, word))));
  let at = 0;
  while (isName(tokens[at]) && tokens[at + 1]?.raw === ".") at += 2;
  const token = tokens[at];
  return token !== undefined && isName(token) ? nameOf(token) : undefined;
}

/** Columns for which a condition gives a value, or some values, whatever else it asks. */
function columnsGiven(condition: readonly SqlToken[], verb: "update" | "delete"): readonly string[] {
  const tokens = withoutParentheses(condition);
  const depth = tokens[0]?.depth;
  const isHere = (token: SqlToken): boolean => token.depth === depth;
  if (
    tokens.some(
      (token) => isHere(token) && (token.kind === "word" || token.kind === "sign") && mixing.has(token.text),
    )
  )
    return [];
  const parts: SqlToken[][] = [[]];
  for (const token of tokens)
    if (isHere(token) && isWord(token, "and")) parts.push([]);
    else parts.at(-1)?.push(token);
  return parts.flatMap((part) => {
    if (part[0]?.raw === "(") return withoutParentheses(part) === part ? [] : columnsGiven(part, verb);
    const column = columnGiven(part, verb);
    return column === undefined ? [] : [column];
  });
}

/** What else than AND may put conditions together, or belong to one that has an AND of its own. */
const mixing: ReadonlySet<string> = new Set(["or", "xor", "|", "case", "between"]);

function withoutParentheses(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const [first] = tokens;
  const last = tokens.length - 1;
  if (first?.raw !== "(" || tokens[last]?.raw !== ")") return tokens;
  const isWhole = tokens.every((token, i) => i === 0 || i === last || token.depth > first.depth);
  return isWhole ? withoutParentheses(tokens.slice(1, last)) : tokens;
}

/** `id = $1`, `t.id = 'a'::uuid`; of what is deleted `id in ($1, $2)` too. */
function columnGiven(tokens: readonly SqlToken[], verb: "update" | "delete"): string | undefined {
  const at = tokens.findIndex(({ raw }) => raw === "=" || /^in$/i.test(raw));
  const path = tokens.slice(0, Math.max(at, 0));
  const column = path.at(-1);
  const isPath = path.every((token, i) => (i % 2 === 0 ? isName(token) : token.raw === "."));
  if (column === undefined || !isPath || path.length % 2 === 0) return undefined;
  const given = tokens.slice(at + 1);
  if (tokens[at]?.raw === "=") return isValue(given) ? nameOf(column) : undefined;
  const list = withoutParentheses(given);
  if (list === given) return undefined;
  const values = valuesIn(list);
  const isGiven = values.every(isValue) && (verb === "delete" || values.length === 1);
  return isGiven ? nameOf(column) : undefined;
}

function valuesIn(list: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const values: SqlToken[][] = [[]];
  for (const token of list)
    if (token.raw === ",") values.push([]);
    else values.at(-1)?.push(token);
  return values;
}

/** A parameter or a literal, and the type that it is cast to. */
function isValue(tokens: readonly SqlToken[]): boolean {
  const text = tokens
    .map(({ kind, text }) => (kind === "string" ? "''" : kind === "name" ? "n" : text))
    .join(" ");
  return /^(?:\$\d+|\?|: \w+|''|(?:- )?\d\w*)(?: : : \w+(?: \. \w+)?)?$/.test(text);
}

function nameOf({ text }: SqlToken): string {
  return text.toLowerCase();
}
