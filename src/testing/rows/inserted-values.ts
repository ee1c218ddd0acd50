import type { RowTable } from "./row-table.ts";
import type { SqlToken } from "./sql-tokens.ts";
import { sourceOf, type Scope, type ValueSource } from "./value-source.ts";
import { isName, isWord } from "./write-statement.ts";

/**
 * Where the values come from that an INSERT would have put in, by column: what `excluded` and VALUES() stand for. Of a
 * query that takes something of the application's nothing is known.
 *
 * @param tokens of the statement
 */
export function insertedSources(
  tokens: readonly SqlToken[],
  table: RowTable,
  scope: Scope,
): (column: string) => ValueSource {
  const end = tokens.findLastIndex(
    (token, i) =>
      isWord(token, "on") && ["conflict", "duplicate"].some((word) => isWord(tokens[i + 1], word)),
  );
  const head = tokens.slice(0, end === -1 ? undefined : end);
  const begin = head.findIndex((token, i) => token.depth === 0 && (isValues(head, i) || isQuery(token)));
  const rest = begin === -1 ? [] : head.slice(begin + 1);
  if (isWord(head[begin], "set")) return ofAssignments(rest, scope);
  const isPlain = rest.every(({ depth, raw }) => depth > 0 || ["(", ")", ","].includes(raw));
  if (begin === -1 || !isValues(head, begin)) {
    const source = takesNothing(head, scope) ? "server" : "unknown";
    return () => source;
  }
  return isPlain ? ofRows(rest, columnsNamed(head.slice(0, begin), table, scope), scope) : () => "unknown";
}

function isValues(tokens: readonly SqlToken[], at: number): boolean {
  const token = tokens[at];
  return (isWord(token, "values") || isWord(token, "value")) && tokens[at + 1]?.raw === "(";
}

/** What rows begin with that are no list of values. */
function isQuery(token: SqlToken): boolean {
  return ["select", "with", "table", "set"].some((word) => isWord(token, word));
}

function takesNothing(tokens: readonly SqlToken[], { filled }: Scope): boolean {
  return tokens.every(({ kind, from }) => kind !== "placeholder" && !filled.has(from));
}

/** Of `INSERT … SET n = 1`. */
function ofAssignments(tokens: readonly SqlToken[], scope: Scope): (column: string) => ValueSource {
  const assigned = new Map(
    partsOf(tokens, 0).map(([name, , ...value]) => [
      scope.columnOf(name?.text ?? ""),
      sourceOf(value, scope),
    ]),
  );
  return (column) => assigned.get(column) ?? "server";
}

function ofRows(
  tokens: readonly SqlToken[],
  columns: readonly (string | undefined)[],
  scope: Scope,
): (column: string) => ValueSource {
  const rows = rowsIn(tokens).map((row) => partsOf(row, 1));
  return (column) => {
    if (rows.some(({ length }) => length !== columns.length)) return "unknown";
    const at = columns.indexOf(column);
    return at === -1 ? "server" : any(rows.map((row) => sourceOf(row[at] ?? [], scope)));
  };
}

/** What one of several comes from, it is not known which. */
function any(sources: readonly ValueSource[]): ValueSource {
  const [first = "unknown", ...others] = [...new Set(sources)];
  if (first === "newest") return "unknown";
  if (others.length === 0) return first;
  return [first, ...others].every((source) => ["parameter", "text", "literal"].includes(source))
    ? "text"
    : "unknown";
}

function columnsNamed(
  target: readonly SqlToken[],
  table: RowTable,
  { columnOf }: Scope,
): readonly (string | undefined)[] {
  const begin = target.findIndex(({ raw }) => raw === "(");
  if (begin === -1) return [...table.columns.values()];
  return target
    .slice(begin)
    .flatMap((token) => (token.depth === 1 && isName(token) ? [columnOf(token.text)] : []));
}

/** What is in each of the parentheses. */
function rowsIn(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const rows: SqlToken[][] = [];
  for (const token of tokens)
    if (token.depth > 0) rows.at(-1)?.push(token);
    else if (token.raw === "(") rows.push([]);
  return rows;
}

/** What stands between commas that are so deep in parentheses. */
export function partsOf(tokens: readonly SqlToken[], depth: number): readonly (readonly SqlToken[])[] {
  const found: SqlToken[][] = [[]];
  for (const token of tokens)
    if (token.depth === depth && token.raw === ",") found.push([]);
    else found.at(-1)?.push(token);
  return found;
}
