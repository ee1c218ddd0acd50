import { type Filled, filledLiterals, isLiteral } from "./filled-in.ts";
import { columnNamed, onlyTableNamed, type RowTable, type RowTables } from "./row-table.ts";
import type { SqlToken } from "./sql-tokens.ts";
import type { StatementEffect } from "./statement-effect.ts";
import { isName, isWord } from "./write-statement.ts";

/**
 * Where a value that a statement gives a column comes from.
 *
 * - `newest`: the row as it is when the statement writes it, as in `n = n + 1`.
 * - `parameter`: the application.
 * - `literal`: the text of the statement.
 * - `text`: the text of the statement, or the application, whose values the driver has put into that text.
 * - `server`: the server's clock, sequences or defaults.
 * - `unknown`: that is not proven.
 */
export type ValueSource = "newest" | "parameter" | "literal" | "text" | "server" | "unknown";

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
  const scope: Scope = {
    names,
    columnOf: (name) => columnNamed(table, name),
    isMixed: end !== -1 && isWord(tokens[end], "from"),
    hasParameters: tokens.some(isPlaceholder) || [...filled.values()].includes("surely"),
    filled,
  };
  const assigned = new Map<string, ValueSource>();
  for (const part of parts(tokens.slice(begin, end === -1 ? undefined : end))) {
    const equals = part.findIndex((token) => token.depth === 0 && token.raw === "=");
    const column = columnOf(part.slice(0, Math.max(equals, 0)), scope);
    if (column === undefined) return undefined;
    assigned.set(column, sourceOf(part.slice(equals + 1), scope));
  }
  return assigned;
}

/** What names stand for in an assignment. */
interface Scope {
  /** Those that the written table goes by, in lower case. */
  readonly names: ReadonlySet<string>;
  /** The column of the written table that goes by this name. */
  readonly columnOf: (name: string) => string | undefined;
  /** Other tables have columns as well. */
  readonly isMixed: boolean;
  readonly hasParameters: boolean;
  /** Literals that the driver has put into the text, by where they begin. */
  readonly filled: ReadonlyMap<number, Filled>;
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

function parts(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const found: SqlToken[][] = [[]];
  for (const token of tokens)
    if (token.depth === 0 && token.raw === ",") found.push([]);
    else found.at(-1)?.push(token);
  return found;
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

/** Takes one of several values, so that it is not known which. */
const choosing = new Set(["select", "case", "if", "iif", "decode"]);

/** Takes the first of its values that there is. */
const preferring = new Set(["coalesce", "ifnull", "nvl"]);

const casting = new Set(["cast", "convert"]);

function sourceOf(tokens: readonly SqlToken[], scope: Scope): ValueSource {
  let isNewest = false;
  let isGiven = false;
  let isCalled = false;
  for (const [i, token] of tokens.entries()) {
    const [before, after] = [tokens[i - 1], tokens[i + 1]];
    if (token.raw.startsWith("@")) return "unknown";
    if (!isName(token) || before?.raw === ":" || before?.raw === "::" || after?.raw === ".") continue;
    if (token.kind === "word" && choosing.has(token.text)) return "unknown";
    if (after?.raw === "(") {
      const first = tokens[i + 2];
      if (preferring.has(token.text) && first !== undefined && !isName(first)) return "unknown";
      if (/^values?$/.test(token.text)) isGiven = true;
      else if (!casting.has(token.text)) isCalled = true;
      continue;
    }
    const isColumn = scope.columnOf(token.text) !== undefined;
    if (isColumn && before?.raw === "(" && /^values?$/.test(tokens[i - 2]?.text ?? "")) continue;
    if (before?.raw === ".") {
      const qualifier = tokens[i - 2]?.text.toLowerCase() ?? "";
      if (qualifier === "excluded") isGiven = true;
      else if (isColumn && scope.names.has(qualifier)) isNewest = true;
      else return "unknown";
    } else if (isColumn && scope.isMixed) return "unknown";
    else if (isColumn) isNewest = true;
  }
  if (isNewest) return "newest";
  if (isGiven) return scope.hasParameters ? "parameter" : textSource(tokens, scope);
  if (tokens.some(isPlaceholder)) return "parameter";
  return isCalled || !tokens.some(isLiteral) ? "server" : textSource(tokens, scope);
}

/** Where values in the text of a statement come from. */
function textSource(tokens: readonly SqlToken[], { filled }: Scope): ValueSource {
  const found = new Set(tokens.map(({ from }) => filled.get(from)));
  return found.has("surely") ? "parameter" : found.has("perhaps") ? "text" : "literal";
}

function isPlaceholder({ kind }: SqlToken): boolean {
  return kind === "placeholder";
}
