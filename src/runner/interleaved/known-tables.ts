/**
 * Whether every table that a statement names, where one names a table, is known or its own `WITH`'s. A table that was
 * made meanwhile, or one of the server's, is not. In doubt it is not.
 *
 * @param text in lower case, without comments and string literals
 */
export function knownTables(text: string, isKnown: (name: string) => boolean): boolean {
  const tokens = [...text.matchAll(token)].map(tokenOf);
  const own = new Set(
    text.startsWith("with") ? [...text.matchAll(commonTable)].map(([, name = ""]) => name) : [],
  );
  const frames: Frame[] = [{ list: false, call: false }];
  let expecting = false;
  for (let at = 0; at < tokens.length; at++) {
    const { text: word, quoted } = tokens[at] ?? end;
    const frame = frames.at(-1) ?? { list: false, call: false };
    if (word === "(" && !quoted) frames.push({ list: expecting, call: isOneOf(cutters, tokens[at - 1]) });
    else if (word === ")" && !quoted) {
      frames.pop();
      expecting = false;
    } else if (word === "," && !quoted) expecting = frame.list;
    else if (expecting && !(!quoted && beforeTable.has(word))) {
      expecting = false;
      if (!quoted && queries.has(word)) frame.list = false;
      else {
        while (tokens[at + 1]?.text === "." && at + 2 < tokens.length) at += 2;
        const { text: name, quoted: isName } = tokens[at] ?? end;
        if (!isName && !/^[\p{L}_]/u.test(name)) return false;
        if (!isKnown(name) && !own.has(name) && name !== "dual") return false;
      }
    } else if (!quoted && !expecting) {
      if (closesList.has(word)) frame.list = false;
      else if (namesTable(tokens, at, frame)) {
        expecting = true;
        if (opensList.has(word)) frame.list = true;
      }
    }
  }
  return !expecting;
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

/** Between two parentheses, or outside of all. */
interface Frame {
  /** A comma is followed by a table. */
  list: boolean;
  /** They are a function's whose arguments are told apart by FROM. */
  readonly call: boolean;
}

const end: Token = { text: "", quoted: false };

const token = /["`]([^"`]*)["`]|[\p{L}_][\p{L}\p{N}_$]*|\S/gu;

function tokenOf([text, name]: RegExpExecArray): Token {
  return { text: name ?? text, quoted: name !== undefined };
}

const commonTable = /([\p{L}_][\p{L}\p{N}_$]*)\s+as\s*(?:not\s+)?(?:materialized\s*)?\(/gu;

const cutters: ReadonlySet<string> = new Set(["extract", "trim", "substring", "overlay"]);

/** What may stand between the word that names a table and its name. */
const beforeTable: ReadonlySet<string> = new Set(
  "only lateral into from table ignore quick delayed low_priority high_priority".split(" "),
);

const queries: ReadonlySet<string> = new Set(["select", "with", "values"]);

const opensList: ReadonlySet<string> = new Set(["from", "update", "using"]);

const closesList: ReadonlySet<string> = new Set(
  "where set group order having limit offset fetch returning union intersect except window select values".split(
    " ",
  ),
);

function isOneOf(words: ReadonlySet<string>, of: Token | undefined): boolean {
  return of !== undefined && !of.quoted && words.has(of.text);
}

/** Whether a table's name comes after the word. */
function namesTable(tokens: readonly Token[], at: number, { call }: Frame): boolean {
  const before = tokens[at - 1];
  const calls = tokens[at + 1]?.text === "(";
  const { text: word } = tokens[at] ?? end;
  switch (word) {
    case "from":
      return !call && !(isOneOf(distinct, before) && isOneOf(compares, tokens[at - 2]));
    case "join":
    case "straight_join":
    case "into":
      return true;
    case "table":
    case "using":
      return !calls;
    case "insert":
    case "replace":
      return !calls && !isOneOf(merges, before);
    case "update":
      return !isOneOf(updates, before);
    default:
      return false;
  }
}

const distinct: ReadonlySet<string> = new Set(["distinct"]);
const compares: ReadonlySet<string> = new Set(["is", "not"]);
const merges: ReadonlySet<string> = new Set(["then"]);
/** `FOR UPDATE`, `FOR NO KEY UPDATE`, `ON DUPLICATE KEY UPDATE`, `ON CONFLICT DO UPDATE`, `WHEN MATCHED THEN UPDATE`. */
const updates: ReadonlySet<string> = new Set(["for", "key", "do", "then"]);
