import { escape } from "mysql2";

/**
 * The name of the user-level lock that a statement takes, as an expression that any session can evaluate;
 * undefined when the statement calls no GET_LOCK.
 *
 * @param database what DATABASE() means in the session of the statement
 */
export function lockName(statement: string, database: string): string | undefined {
  const call = /\bget_lock\s*\(/i.exec(statement);
  if (call === null) return undefined;
  const name = firstArgument(statement.slice(call.index + call[0].length));
  return name?.replaceAll(/\b(?:database|schema)\s*\(\s*\)/gi, () => escape(database));
}

/** Up to the first comma that is outside of parentheses and quotes. */
function firstArgument(text: string): string | undefined {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== "") {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === "'" || char === '"' || char === "`") quote = char;
    else if (char === "(") depth++;
    else if (char === ")" && depth-- === 0) return undefined;
    else if (char === "," && depth === 0) return text.slice(0, at);
  }
  return undefined;
}
