import { filledLiterals } from "./filled-in.ts";
import { guardedSource } from "./guarded-source.ts";
import { insertedSources, partsOf } from "./inserted-values.ts";
import { columnNamed, onlyTableNamed, type RowTable, type RowTables } from "./row-table.ts";
import type { SqlToken } from "./sql-tokens.ts";
import type { StatementEffect } from "./statement-effect.ts";
import { sourceOf, type Scope, type ValueSource } from "./value-source.ts";
import { isName, isWord } from "./write-statement.ts";

/** What a statement assigns to the columns of the rows that it writes. */
export interface AssignedColumns {
  readonly table: RowTable;
  /** By column; others stay as they are. Undefined where nothing is proven of them. */
  readonly columns: ReadonlyMap<string, ValueSource> | undefined;
}

/**
 * What a write assigns; undefined where it is not known of which table. Linear.
 *
 * @param filledIn what the driver has put into the text
 * @param params of the statement, in their order
 */
export function assignedColumns(
  effect: StatementEffect,
  tables: RowTables,
  filledIn: unknown,
  params: readonly unknown[] = [],
): AssignedColumns | undefined {
  if (effect.type !== "write" || effect.write === undefined) return undefined;
  const table = onlyTableNamed(tables, effect.write.table);
  if (table === undefined) return undefined;
  const { tokens } = effect;
  const filled = filledLiterals(tokens, filledIn);
  return { table, columns: columnsSet(effect.write.command, tokens, table, { filled, params }) };
}

/** Words after which the list of assignments is over. */
const ending = ["where", "from", "returning", "order", "limit"];

function columnsSet(
  command: "insert" | "update" | "delete",
  tokens: readonly SqlToken[],
  table: RowTable,
  { filled, params }: Pick<Scope, "filled"> & { readonly params: readonly unknown[] },
): AssignedColumns["columns"] {
  if (command === "delete") return new Map();
  const begin = beginOfSet(command, tokens);
  const names = begin === undefined ? undefined : namesOfTarget(command, tokens);
  if (begin === undefined || names === undefined) return undefined;
  const end = tokens.findIndex(
    (token, i) => i >= begin && token.depth === 0 && ending.some((word) => isWord(token, word)),
  );
  const plain: Scope = {
    names,
    columnOf: (name) => columnNamed(table, name),
    isMixed: end !== -1 && isWord(tokens[end], "from"),
    filled,
    given: undefined,
  };
  const scope = command === "insert" ? { ...plain, given: insertedSources(tokens, table, plain) } : plain;
  const guard = { where: whereAfter(tokens, begin), scope: plain, same: sameIn(tokens, params) };
  const assigned = new Map<string, ValueSource>();
  for (const part of partsOf(tokens.slice(begin, end === -1 ? undefined : end), 0)) {
    const equals = part.findIndex((token) => token.depth === 0 && token.raw === "=");
    const column = columnOf(part.slice(0, Math.max(equals, 0)), scope);
    if (column === undefined) return undefined;
    const value = part.slice(equals + 1);
    assigned.set(column, guardedSource({ column, value, source: sourceOf(value, scope) }, guard));
  }
  return assigned;
}

function whereAfter(tokens: readonly SqlToken[], begin: number): readonly SqlToken[] {
  const at = tokens.findIndex((token, i) => i >= begin && token.depth === 0 && isWord(token, "where"));
  if (at === -1) return [];
  const rest = tokens.slice(at + 1);
  const end = rest.findIndex((token) => token.depth === 0 && ending.some((word) => isWord(token, word)));
  return rest.slice(0, end === -1 ? undefined : end);
}

/** Whether two expressions of a statement are the same, with the same parameters. */
function sameIn(
  tokens: readonly SqlToken[],
  params: readonly unknown[],
): (one: readonly SqlToken[], other: readonly SqlToken[]) => boolean {
  const marks = tokens.filter(({ raw }) => raw === "?");
  const placeOf = (token: SqlToken): number =>
    token.raw === "?" ? marks.indexOf(token) : Number(token.raw.slice(1)) - 1;
  const isSame = (token: SqlToken, other: SqlToken | undefined): boolean => {
    if (token.kind !== "placeholder" || other?.kind !== "placeholder") return token.raw === other?.raw;
    const [at, place] = [placeOf(token), placeOf(other)];
    return at === place || (params.length > Math.max(at, place) && params[at] === params[place]);
  };
  return (one, other) => one.length === other.length && one.every((token, i) => isSame(token, other[i]));
}

function beginOfSet(command: "insert" | "update", tokens: readonly SqlToken[]): number | undefined {
  const at = tokens.findIndex((token, i) => {
    if (token.depth !== 0) return false;
    if (command === "update") return isWord(token, "set");
    return isWord(token, "update")
      ? isWord(tokens[i - 1], "key")
      : isWord(token, "set") && isUpsert(tokens, i);
  });
  return at === -1 ? undefined : at + 1;
}

function isUpsert(tokens: readonly SqlToken[], set: number): boolean {
  return isWord(tokens[set - 1], "update") && isWord(tokens[set - 2], "do");
}

/** Names that stand where the written table is named; undefined where there may be several tables. */
function namesOfTarget(
  command: "insert" | "update",
  tokens: readonly SqlToken[],
): ReadonlySet<string> | undefined {
  const ends = command === "update" ? ["set"] : ["values", "value", "select", "set", "default", "overriding"];
  const end = tokens.findIndex(
    (token, i) => i > 0 && (token.raw === "(" || ends.some((word) => isWord(token, word))),
  );
  const target = tokens.slice(1, end === -1 ? undefined : end);
  if (target.some((token) => token.raw === "," || isWord(token, "join"))) return undefined;
  return new Set(target.filter(isName).map(({ text }) => text.toLowerCase()));
}

/** `n`, `t.n`; a part of a column or a list of columns is none. */
function columnOf(path: readonly SqlToken[], { names, columnOf: named }: Scope): string | undefined {
  const last = path.at(-1);
  const isPath = path.every((token, i) => (i % 2 === 0 ? isName(token) : token.raw === "."));
  if (!isPath || last === undefined || path.length % 2 === 0) return undefined;
  const qualifier = path.at(-3);
  if (qualifier !== undefined && !names.has(qualifier.text.toLowerCase())) return undefined;
  return named(last.text);
}
