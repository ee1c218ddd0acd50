import { filledLiterals } from "./filled-in.ts";
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
 */
export function assignedColumns(
  effect: StatementEffect,
  tables: RowTables,
  filledIn: unknown,
): AssignedColumns | undefined {
  if (effect.type !== "write" || effect.write === undefined) return undefined;
  const table = onlyTableNamed(tables, effect.write.table);
  if (table === undefined) return undefined;
  return {
    table,
    columns: columnsSet(effect.write.command, effect.tokens, table, filledLiterals(effect.tokens, filledIn)),
  };
}

/** Words after which the list of assignments is over. */
const ending = ["where", "from", "returning", "order", "limit"];

function columnsSet(
  command: "insert" | "update" | "delete",
  tokens: readonly SqlToken[],
  table: RowTable,
  filled: Scope["filled"],
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
  const assigned = new Map<string, ValueSource>();
  for (const part of partsOf(tokens.slice(begin, end === -1 ? undefined : end), 0)) {
    const equals = part.findIndex((token) => token.depth === 0 && token.raw === "=");
    const column = columnOf(part.slice(0, Math.max(equals, 0)), scope);
    if (column === undefined) return undefined;
    assigned.set(column, sourceOf(part.slice(equals + 1), scope));
  }
  return assigned;
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
