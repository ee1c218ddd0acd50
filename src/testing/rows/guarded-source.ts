import type { SqlToken } from "./sql-tokens.ts";
import type { Scope, ValueSource } from "./value-source.ts";
import { isName, isWord } from "./write-statement.ts";

/** A value that a statement gives a column. */
export interface GivenValue {
  readonly column: string;
  /** The expression. */
  readonly value: readonly SqlToken[];
  readonly source: ValueSource;
}

/** Under which condition a statement gives a row its values. */
export interface Guard {
  /** What stands after WHERE. */
  readonly where: readonly SqlToken[];
  readonly scope: Scope;
  /** Whether two expressions are the same, parameters included. */
  readonly same: (one: readonly SqlToken[], other: readonly SqlToken[]) => boolean;
}

const words = (list: string) => (token: SqlToken) => list.split(" ").some((word) => isWord(token, word));
const isVague = words("or not xor case distinct between like");

/**
 * Where a value comes from in the light of the condition, which is asked of the newest row. `n = …`, `n IN (…)` say what
 * the column was; `n < $1` goes with that very value, and any condition with what stands in the statement: the newest row
 * has decided. Whether it has in `SET n = $1 … WHERE n > 0` depends on what `$1` is: `guarded`.
 */
export function guardedSource({ column, value, source }: GivenValue, guard: Guard): ValueSource {
  if (source === "newest" || source === "server") return source;
  const mentioning = conditionsOf(guard.where).filter((condition) =>
    condition.some((_, i) => isMention(condition, i, column, guard.scope)),
  );
  if (mentioning.length === 0) return source;
  const isChoice = guard.where.some((token) => token.depth === 0 && words("or xor")(token));
  const decides = (condition: readonly SqlToken[]): boolean =>
    !condition.some((token) => isVague(token) || token.raw === "|" || isWord(token, "select")) &&
    (isKnown(condition, column, guard.scope) || isBound(condition, column, value, guard));
  if (!isChoice && mentioning.some(decides)) return "newest";
  // A column of another table may have that name.
  if (source === "unknown" || mentioning.some((condition) => condition.some(words("select"))))
    return "unknown";
  return source === "literal" ? "newest" : "guarded";
}

function conditionsOf(where: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  for (const token of where)
    if (token.depth === 0 && isWord(token, "and")) parts.push([]);
    else parts.at(-1)?.push(token);
  return parts;
}

function isMention(
  tokens: readonly SqlToken[],
  at: number,
  column: string,
  { names, columnOf }: Scope,
): boolean {
  const [token, before, after] = [tokens[at], tokens[at - 1], tokens[at + 1]];
  if (token === undefined || !isName(token) || columnOf(token.text) !== column) return false;
  if (after?.raw === "." || after?.raw === "(" || before?.raw === ":") return false;
  return before?.raw !== "." || names.has(tokens[at - 2]?.text.toLowerCase() ?? "");
}

/** How many tokens of a condition name the column at its beginning. */
function pathAt(condition: readonly SqlToken[], column: string, scope: Scope): number {
  let at = 0;
  while (isName(condition[at]) && condition[at + 1]?.raw === ".") at += 2;
  return isMention(condition, at, column, scope) ? at + 1 : 0;
}

/** `n = …`, `n IN (…)`, `n IS NULL`. */
function isKnown(condition: readonly SqlToken[], column: string, scope: Scope): boolean {
  const length = pathAt(condition, column, scope);
  const next = condition[length];
  return length > 0 && next !== undefined && (next.raw === "=" || words("in is")(next));
}

/** `n < v`, `v >= n`, where `v` is what the column is given. */
function isBound(
  condition: readonly SqlToken[],
  column: string,
  value: readonly SqlToken[],
  { scope, same }: Guard,
): boolean {
  const at = condition.findIndex(({ raw, depth }) => depth === 0 && (raw === "<" || raw === ">"));
  const next = condition[at + 1]?.raw;
  if (at === -1 || next === ">" || next === "<") return false;
  const sides = [condition.slice(0, at), condition.slice(next === "=" ? at + 2 : at + 1)];
  const isColumn = (side: readonly SqlToken[]): boolean => {
    const length = pathAt(side, column, scope);
    return length > 0 && length === side.length;
  };
  return sides.some(isColumn) && sides.some((side) => !isColumn(side) && same(side, value));
}
