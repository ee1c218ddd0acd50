import type { Json, Mop } from "../../../../src/history/operation.ts";

/** What a simulated object is; the first letter of its key says so. */
export type Kind = "list" | "register" | "versioned" | "set";

/** The value of an object that nobody wrote. */
export function initialValue(key: string): Json {
  const kind = kindOf(key);
  return kind === "list" || kind === "set" ? [] : null;
}

/** The value after a write: an append, a replacement, a replacement with the next version, an insert. */
export function afterWrite(key: string, value: Json, element: Json): Json {
  switch (kindOf(key)) {
    case "list":
    case "set":
      return [...(value as readonly Json[]), element];
    case "register":
      return element;
    case "versioned":
      return [versionOf(value) + 1, element];
  }
}

/** A read of the object as a micro-operation. */
export function readMop(key: string, value: Json): Mop {
  return [kindOf(key) === "set" ? "rs" : "r", key, value];
}

/** A write to the object, given the value it had before (only versioned rows tell). */
export function writeMop(key: string, before: Json, element: Json): Mop {
  switch (kindOf(key)) {
    case "list":
      return ["append", key, element];
    case "set":
      return ["add", key, element];
    case "register":
      return ["w", key, element];
    case "versioned":
      return ["w", key, afterWrite(key, before, element)];
  }
}

/** The kind of an object, from its key such as `list/3`. */
export function kindOf(key: string): Kind {
  const kind = key.slice(0, key.indexOf("/"));
  if (kind === "list" || kind === "register" || kind === "versioned" || kind === "set") return kind;
  throw new Error(`what is the object ${key}?`);
}

/** The elements that a value shows: of a register its value, of a versioned row without the number. */
export function elementsOf(key: string, value: Json): readonly Json[] {
  if (value === null) return [];
  const kind = kindOf(key);
  if (kind === "register") return [value];
  return kind === "versioned" ? [(value as readonly Json[])[1]!] : (value as readonly Json[]);
}

function versionOf(value: Json): number {
  return value === null ? 0 : ((value as readonly Json[])[0] as number);
}
