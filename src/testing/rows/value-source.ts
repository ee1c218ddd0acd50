import { type Filled, isLiteral } from "./filled-in.ts";
import type { SqlToken } from "./sql-tokens.ts";
import { isName, isWord } from "./write-statement.ts";

/**
 * Where a value that a statement gives a column comes from.
 *
 * - `newest`: the row as it is when the statement writes it, as in `n = n + 1`.
 * - `parameter`: the application.
 * - `literal`: the text of the statement.
 * - `text`: the text of the statement, or the application, whose values the driver has put into that text.
 * - `server`: the server, from nothing that the application gave it: its clock, sequences, defaults, functions, a query.
 * - `guarded`: the application, which has let the newest row decide whether it is written, see `guardedSource`.
 * - `unknown`: that is not proven.
 */
export type ValueSource = "newest" | "guarded" | "parameter" | "literal" | "text" | "server" | "unknown";

/** What names stand for in an expression. */
export interface Scope {
  /** Those that the written table goes by, in lower case. */
  readonly names: ReadonlySet<string>;
  /** The column of the written table that goes by this name. */
  readonly columnOf: (name: string) => string | undefined;
  /** Other tables have columns as well. */
  readonly isMixed: boolean;
  /** Literals that the driver has put into the text, by where they begin. */
  readonly filled: ReadonlyMap<number, Filled>;
  /** Where the value of a column of `excluded`, or of VALUES(), comes from; undefined where there are none. */
  readonly given: ((column: string) => ValueSource) | undefined;
}

/** Takes one of several values, so that it is not known which. */
const choosing = new Set(["select", "case", "if", "iif", "decode"]);

/** Takes the first of its values that there is. */
const preferring = new Set(["coalesce", "ifnull", "nvl"]);

/** Answers a number of its own, whatever it is given. */
const counting = new Set(["nextval", "currval", "lastval"]);

/** What may stand before a parenthesis and reckons from what is in it, and from nothing else: functions, types, operators. */
const pure = new Set(
  (
    "coalesce ifnull nvl nullif greatest least upper lower trim ltrim rtrim concat concat_ws left right substring substr " +
    "replace lpad rpad abs round floor ceil ceiling mod sign power cast convert " +
    "jsonb_build_object json_build_object jsonb_build_array json_build_array to_jsonb to_json json_object json_array " +
    "char character varchar varying decimal dec numeric binary varbinary bit float double time timestamp timestamptz " +
    "and or not in like between any all is div xor row array"
  ).split(" "),
);

/** Where the value of an expression comes from. Linear. */
export function sourceOf(tokens: readonly SqlToken[], scope: Scope): ValueSource {
  const found = new Set<ValueSource>();
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    const { source, to } = partOf(tokens, i, token, scope);
    if (source !== undefined) found.add(source);
    i = to;
  }
  return together(found);
}

/** What one token adds, and the last token that belongs to it. */
interface Part {
  readonly source: ValueSource | undefined;
  readonly to: number;
}

function partOf(tokens: readonly SqlToken[], at: number, token: SqlToken, scope: Scope): Part {
  const only = (source: ValueSource | undefined): Part => ({ source, to: at });
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  if (token.raw.startsWith("@")) return only("unknown");
  if (token.kind === "placeholder") return only("parameter");
  if (isLiteral(token)) return only(literalSource(token, scope));
  const isType = before?.raw === ":" || before?.raw === "::" || isWord(before, "as");
  if (!isName(token) || isType || after?.raw === ".") return only(undefined);
  if (token.kind === "word" && choosing.has(token.text)) return only("unknown");
  if (after?.raw === "(") return callOf(tokens, at, token, scope);
  const column = scope.columnOf(token.text);
  if (before?.raw === ".") {
    const qualifier = tokens[at - 2]?.text.toLowerCase() ?? "";
    if (column === undefined) return only("unknown");
    if (qualifier === "excluded" && scope.given !== undefined) return only(scope.given(column));
    return only(scope.names.has(qualifier) ? "newest" : "unknown");
  }
  return only(column === undefined ? undefined : scope.isMixed ? "unknown" : "newest");
}

/** What stands before a parenthesis. */
function callOf(tokens: readonly SqlToken[], at: number, token: SqlToken, { given, columnOf }: Scope): Part {
  const only = (source: ValueSource | undefined): Part => ({ source, to: at });
  const first = tokens[at + 2];
  const qualifier = tokens[at - 1]?.raw === "." ? tokens[at - 2]?.text : "pg_catalog";
  if (token.kind !== "word" || qualifier !== "pg_catalog") return only("server");
  if (preferring.has(token.text) && first !== undefined && !isName(first)) return only("unknown");
  if (/^values?$/.test(token.text)) {
    const column = first === undefined ? undefined : columnOf(first.text);
    const isOne = column !== undefined && tokens[at + 3]?.raw === ")";
    return { source: isOne && given !== undefined ? given(column) : "unknown", to: at + 3 };
  }
  if (counting.has(token.text)) {
    const end = tokens.findIndex(({ raw, depth }, i) => i > at && raw === ")" && depth === token.depth);
    return { source: "server", to: end === -1 ? tokens.length : end };
  }
  return only(pure.has(token.text) ? undefined : "server");
}

function literalSource({ from }: SqlToken, { filled }: Scope): ValueSource {
  const how = filled.get(from);
  return how === "surely" ? "parameter" : how === "perhaps" ? "text" : "literal";
}

/** What an expression comes from whose parts do from these. What a function makes of what it is given is not known. */
function together(found: ReadonlySet<ValueSource>): ValueSource {
  if (found.has("unknown")) return "unknown";
  if (found.has("newest")) return "newest";
  const isGiven = found.has("parameter") || found.has("text");
  if (found.has("server")) return isGiven ? "unknown" : "server";
  if (isGiven) return found.has("parameter") ? "parameter" : "text";
  return found.has("literal") ? "literal" : "server";
}
