import type { SqlToken } from "./sql-tokens.ts";

/** A plain INSERT, UPDATE or DELETE of one table. */
export interface WriteStatement {
  readonly command: "insert" | "update" | "delete";
  /** Name of the table, without its schema. */
  readonly table: string;
  /** What the row is called in the statement, as SQL. */
  readonly called: string;
  /** The statement answers rows by itself. */
  readonly returns: boolean;
  /** Rows may be replaced: UPDATE, DELETE, or ON CONFLICT DO UPDATE. */
  readonly replaces: boolean;
  /** Names in the SET clause. */
  readonly sets: ReadonlySet<string>;
}

const introductions = [["insert", "into"], ["update"], ["delete", "from"]] as const;

/** A statement as a plain write, or undefined when it is none. */
export function writeStatement(tokens: readonly SqlToken[]): WriteStatement | undefined {
  const words = introductions.find((some) => some.every((word, i) => isWord(tokens[i], word)));
  if (words === undefined) return undefined;
  const begin = isWord(tokens[words.length], "only") ? words.length + 1 : words.length;
  let at = begin;
  while (isName(tokens[at]) && tokens[at + 1]?.raw === ".") at += 2;
  const table = tokens[at];
  if (table === undefined || !isName(table)) return undefined;
  const written = tokens.slice(begin, at + 1);
  const alias = aliasAfter(tokens, at + 1);
  const setAt = tokens.findIndex((token) => token.depth === 0 && isWord(token, "set"));
  return {
    command: words[0],
    table: table.text,
    called: alias ?? written.map(({ raw }) => raw).join(""),
    returns: tokens.some((token) => token.depth === 0 && isWord(token, "returning")),
    replaces: words[0] !== "insert" || setAt !== -1,
    sets: setAt === -1 ? new Set() : namesInSet(tokens.slice(setAt + 1)),
  };
}

/** What follows a table's name and is not its name. */
const noAlias = new Set(
  "set using where returning values select default overriding with on as table from".split(" "),
);

function aliasAfter(tokens: readonly SqlToken[], at: number): string | undefined {
  const named = isWord(tokens[at], "as");
  const candidate = tokens[named ? at + 1 : at];
  if (candidate === undefined || !isName(candidate)) return undefined;
  return named || !(candidate.kind === "word" && noAlias.has(candidate.text)) ? candidate.raw : undefined;
}

function namesInSet(tokens: readonly SqlToken[]): ReadonlySet<string> {
  const end = tokens.findIndex(
    (token) => token.depth === 0 && ["where", "from", "returning"].some((word) => isWord(token, word)),
  );
  return new Set(
    tokens.slice(0, end === -1 ? undefined : end).flatMap((token) => (isName(token) ? [token.text] : [])),
  );
}

/** Whether a token is this word, and no quoted name. */
export function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === "word" && token.text === word;
}

/** Whether a token may be a name. */
export function isName(token: SqlToken | undefined): boolean {
  return token?.kind === "name" || (token?.kind === "word" && !/^\d/.test(token.raw));
}

/** The statement with its rows asked for. */
export function withReturning(sql: string, tokens: readonly SqlToken[], { called }: WriteStatement): string {
  return `${sql.slice(0, tokens.at(-1)?.to)} returning ${called}.*`;
}
