import type { Operation, Touch } from "./simulation.ts";

/**
 * One operation that commits, as short text: statements `r a0` (read row 0 of table a), `w a0` (write), `l a0` (for
 * update), `t a0` (skip locked), `i a0` (insert), several rows of one statement with commas, and `think`.
 */
export function operation(...statements: readonly string[]): Operation {
  const body = statements.map((text) =>
    text === "think" ? { think: true as const } : { touch: text.split(",").map(touch) },
  );
  return { body, end: "commit" };
}

const letters = { r: "read", w: "write", l: "lock", t: "try", i: "insert" } as const;

function touch(text: string): Touch {
  const [letter = "", place = ""] = text.trim().split(" ");
  const how = Object.entries(letters).find(([known]) => known === letter)?.[1];
  if (how === undefined) throw new Error(`no such statement: ${text}`);
  return { table: place.slice(0, 1), row: Number(place.slice(1)), how, put: 1 };
}
