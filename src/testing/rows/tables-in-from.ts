import type { SqlToken } from "./sql-tokens.ts";
import { isName } from "./write-statement.ts";

/** Where a list of tables is, and where it is not. */
interface Clause {
  /** Between FROM and what ends its list. */
  inFrom: boolean;
  /** In the condition of a join. */
  inCondition: boolean;
}

const ending = new Set("select where order limit for set values lock fetch offset and or".split(" "));
const joining = new Set("join left right full inner outer cross natural straight_join only as".split(" "));

/**
 * Names in the FROM clauses of a statement, of its parts as well, each as often as it stands there; aliases are none.
 * Without schemas, in lower case. Linear.
 */
export function tablesInFrom(tokens: readonly SqlToken[]): readonly string[] {
  const names: string[] = [];
  const open: Clause[] = [];
  let clause: Clause = { inFrom: false, inCondition: false };
  tokens.forEach((token, i) => {
    if (token.raw === "(") {
      open.push(clause);
      clause = { inFrom: clause.inFrom && !clause.inCondition, inCondition: false };
    } else if (token.raw === ")") clause = open.pop() ?? clause;
    else if (token.raw === ",") clause.inCondition = false;
    else if (token.kind === "word" && token.text === "from") clause = { inFrom: true, inCondition: false };
    else if (token.kind === "word" && joining.has(token.text)) clause.inCondition = false;
    else if (token.kind === "word" && (token.text === "on" || token.text === "using"))
      clause.inCondition = true;
    else if (
      token.kind === "word" &&
      ending.has(token.text) &&
      !(clause.inCondition && /^(?:and|or)$/.test(token.text))
    )
      clause = { inFrom: false, inCondition: false };
    else if (clause.inFrom && !clause.inCondition && isTable(tokens, i)) names.push(token.text.toLowerCase());
  });
  return names;
}

/** The last part of a name that is not what another is called. */
function isTable(tokens: readonly SqlToken[], i: number): boolean {
  const [before, token, after] = [tokens[i - 1], tokens[i], tokens[i + 1]];
  if (!isName(token) || after?.raw === ".") return false;
  if (before === undefined || before.raw === ".") return true;
  if (before.kind === "word" && before.text === "as") return false;
  return !isName(before) || (before.kind === "word" && (joining.has(before.text) || before.text === "from"));
}
