import { isolationLevels, type IsolationLevel } from "../history/header.ts";

/** A level as people write it: `read-committed`, `read committed`, `READ COMMITTED`. */
export type IsolationName =
  | IsolationLevel
  | "read uncommitted"
  | "read committed"
  | "repeatable read"
  | Uppercase<"read uncommitted" | "read committed" | "repeatable read" | "serializable">;

/** The level that is meant. @throws RangeError when it is none */
export function toIsolationLevel(name: string): IsolationLevel {
  const wanted = name.trim().toLowerCase().replaceAll(/\s+/g, "-");
  const level = isolationLevels.find((known) => known === wanted);
  if (level === undefined)
    throw new RangeError(`isolation is "${name}", which is none of ${isolationLevels.join(", ")}`);
  return level;
}

/** As SQL spells it. */
export function isolationClause(level: IsolationLevel): string {
  return level.replaceAll("-", " ").toUpperCase();
}

/** The level that a BEGIN or SET names; undefined where it names none that is known. */
export function levelNamedIn(sql: string): IsolationLevel | undefined {
  const named =
    /isolation(?:\s+level)?\s*(?:=|\bto\b)?\s*['"]?\s*(read[\s-]+(?:un)?committed|repeatable[\s-]+read|serializable)/i.exec(
      sql,
    )?.[1];
  const name = named?.toLowerCase().replaceAll(/\s+/g, "-");
  return isolationLevels.find((level) => level === name);
}
