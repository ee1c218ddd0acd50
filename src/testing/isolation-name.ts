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
