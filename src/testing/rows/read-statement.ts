import type { SqlToken } from "./sql-tokens.ts";
import { tablesInFrom } from "./tables-in-from.ts";
import { isName, isWord } from "./write-statement.ts";

/** Words with which a row of a result is not one row of each of its tables. */
const mixing = new Set(
  "group distinct union intersect except over having window into lateral with recursive table values".split(
    " ",
  ),
);

/** Functions that make one row of several. */
const aggregate =
  /^(?:count|sum|avg|min|max|any_value|every|bool_\w+|bit_\w+|std\w*|var\w*|corr|\w+_agg|group_concat|\w+_(?:array|object)agg|json_agg\w*|regr_\w+)$/;

/** A SELECT each of whose rows shows at most one row of each table that it names once. */
export interface ReadStatement {
  /** How often it names a table, by name in lower case. */
  readonly named: (table: string) => number;
}

/** A statement as such a SELECT, or undefined when it is none. */
export function readStatement(tokens: readonly SqlToken[]): ReadStatement | undefined {
  if (!isWord(tokens[0], "select")) return undefined;
  if (tokens.some((token) => token.kind === "word" && mixing.has(token.text))) return undefined;
  if (tokens.some((token, i) => tokens[i + 1]?.raw === "(" && aggregate.test(token.text))) return undefined;
  const names = tablesInFrom(tokens);
  return { named: (table) => names.filter((name) => name === table.toLowerCase()).length };
}

/** What is asked for by the primary key of one table. */
export interface KeyLookup {
  readonly table: string;
  /** By column: the value it must have. */
  readonly key: ReadonlyMap<string, unknown>;
  /** Nothing but these values decides whether the row is found. */
  readonly exact: boolean;
}

/**
 * `SELECT … FROM t WHERE id = $1 AND …`: one table, and a WHERE of plain comparisons that all must hold. Undefined for
 * everything else.
 *
 * @param params of the statement, in their order
 */
export function keyLookup(tokens: readonly SqlToken[], params: readonly unknown[]): KeyLookup | undefined {
  const from = tokens.findIndex((token) => token.depth === 0 && isWord(token, "from"));
  if (readStatement(tokens) === undefined || from === -1) return undefined;
  // A function may answer a row where none is found, or none where one is.
  if (tokens.slice(0, from).some(({ raw }) => raw === "(")) return undefined;
  return lookupBetween(tokens, from, params);
}

/** `UPDATE t SET … WHERE id = $1 AND …`, likewise. */
export function updateLookup(tokens: readonly SqlToken[], params: readonly unknown[]): KeyLookup | undefined {
  const set = tokens.findIndex((token) => token.depth === 0 && isWord(token, "set"));
  if (!isWord(tokens[0], "update") || set === -1) return undefined;
  return lookupBetween(tokens, 0, params);
}

/** @param begin the token that the table comes after */
function lookupBetween(
  tokens: readonly SqlToken[],
  begin: number,
  params: readonly unknown[],
): KeyLookup | undefined {
  const where = tokens.findIndex((token) => token.depth === 0 && isWord(token, "where"));
  if (where < begin || tokens.some((token, i) => i > 0 && isWord(token, "select"))) return undefined;
  const set = tokens.findIndex((token) => token.depth === 0 && isWord(token, "set"));
  const table = onlyTable(tokens.slice(begin + 1, begin === 0 ? set : where));
  const end = tokens.findIndex((token, i) => i > where && token.depth === 0 && isEnding(token));
  const rest = end === -1 ? [] : tokens.slice(end);
  if (table === undefined || !rest.every(isHarmless)) return undefined;
  const valueOf = placeholders(tokens, params);
  const key = new Map<string, unknown>();
  let exact = true;
  for (const condition of conditions(tokens.slice(where + 1, end === -1 ? undefined : end))) {
    if (condition.some((token) => ["or", "not", "xor"].some((word) => isWord(token, word)))) return undefined;
    if (condition.some(({ raw }) => raw === "|")) return undefined;
    const comparison = comparisonOf(condition, valueOf);
    if (comparison === undefined || key.has(comparison.column)) exact = false;
    else key.set(comparison.column, comparison.value);
  }
  return { table, key, exact };
}

const endings = new Set(["for", "limit", "offset", "order", "lock", "fetch"]);

function isEnding(token: SqlToken): boolean {
  return token.kind === "word" && endings.has(token.text);
}

/** `FOR UPDATE`, `LIMIT 1`: what hides no row; SKIP LOCKED, LIMIT 0 and OFFSET may. */
function isHarmless({ kind, text }: SqlToken): boolean {
  return kind === "word" && /^(?:for|no|key|update|share|nowait|lock|in|mode|limit|1)$/.test(text);
}

function onlyTable(tokens: readonly SqlToken[]): string | undefined {
  let at = 0;
  while (isName(tokens[at]) && tokens[at + 1]?.raw === ".") at += 2;
  const table = tokens[at];
  const rest = tokens.slice(at + 1).filter((token) => !isWord(token, "as"));
  return table !== undefined && isName(table) && (rest.length === 0 || (rest.length === 1 && isName(rest[0])))
    ? table.text
    : undefined;
}

function conditions(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  for (const token of tokens)
    if (token.depth === 0 && isWord(token, "and")) parts.push([]);
    else parts.at(-1)?.push(token);
  return parts;
}

type ValueOf = (token: SqlToken) => { readonly value: unknown } | undefined;

/** `id = $1`, `t.id = 5`. */
function comparisonOf(
  tokens: readonly SqlToken[],
  valueOf: ValueOf,
): { readonly column: string; readonly value: unknown } | undefined {
  const equals = tokens.findIndex(({ raw }) => raw === "=");
  const column = tokens[equals - 1];
  const literal = tokens[equals + 1];
  const isPath = tokens
    .slice(0, equals)
    .every((token, i) => (i % 2 === 0 ? isName(token) : token.raw === "."));
  if (equals < 1 || !isPath || tokens.length !== equals + 2 || column === undefined || literal === undefined)
    return undefined;
  const known = valueOf(literal);
  return known === undefined ? undefined : { column: column.text, value: known.value };
}

function placeholders(tokens: readonly SqlToken[], params: readonly unknown[]): ValueOf {
  const marks = tokens.filter(({ raw }) => raw === "?");
  return (token) => {
    if (token.kind === "placeholder")
      return {
        value: token.raw === "?" ? params[marks.indexOf(token)] : params[Number(token.raw.slice(1)) - 1],
      };
    if (/^\d+$/.test(token.raw)) return { value: Number(token.raw) };
    // What a backslash or a quote in it stands for is the server's setting.
    return /^'[^'\\]*'$/.test(token.raw) ? { value: token.raw.slice(1, -1) } : undefined;
  };
}
