import { inspect } from "node:util";

import { errorText } from "./error-text.ts";
import type { Ending } from "../execution/user-session.ts";

/** The longest value that is shown. */
const longest = 100;

/** How a function ended, as a sentence without its end. */
export function endingText(name: string, ending: Ending | undefined): string {
  if (ending === undefined) return `${name} did not end`;
  if (ending.type === "threw") return `${name} threw ${errorText(ending.error)}`;
  return `${name} returned ${cut(inspect(ending.value, { depth: 2, breakLength: Infinity }))}`;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
