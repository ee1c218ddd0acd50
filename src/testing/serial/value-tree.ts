import { absent, incomparable, type Leaf, type Tree } from "./tree.ts";
import { classOf, classParts, fieldless } from "./class-parts.ts";
import { dateLeaf, numberLeaf, plainLeaf, textLeaf } from "./leaves.ts";
import { Incomparable, standIn } from "./stand-in.ts";

const deepest = 40;
const mostParts = 100_000;

/** Why the part of an object that is the object again is not compared: all of it is, elsewhere. */
export const circle = "a circle";

/**
 * A JavaScript value as a tree, taken at once, since it may change later. What cannot be compared (functions, promises,
 * an object's own accessors, private fields, circles, more than 100,000 parts) is a leaf that says so. An object that has
 * `toJSON` is what that answers; an object of a class has the values of the getters of the class too; the answers of `pg`
 * and `mysql2` are their rows and counts; of a `Response` or `Blob` the body is compared that `readBodies` has read.
 */
export function valueTree(value: unknown, nowMs: number): Tree {
  try {
    return new Conversion(nowMs).tree(value, []);
  } catch (error) {
    if (error instanceof TooLarge) return incomparable("too large to be compared");
    return incomparable("an object that cannot be read");
  }
}

class TooLarge extends Error {}

class Conversion {
  readonly #nowMs: number;
  #parts = 0;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** @param above the objects that this is a part of */
  tree(value: unknown, above: readonly object[]): Tree {
    if (++this.#parts > mostParts) throw new TooLarge();
    if (typeof value === "string") return this.#document(value, above) ?? this.#leaf(value);
    return typeof value === "object" && value !== null ? this.#object(value, above) : this.#leaf(value);
  }

  /** A text that is a JSON document is compared by what it says: MariaDB keeps documents as the text that it was given. */
  #document(text: string, above: readonly object[]): Tree | undefined {
    if (!/^\s*[[{]/.test(text)) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    return this.tree(value, above);
  }

  #leaf(value: unknown): Leaf {
    switch (typeof value) {
      case "string":
        return textLeaf(value, this.#nowMs);
      case "number":
        return numberLeaf(String(value), Number.isFinite(value) && !Number.isInteger(value), this.#nowMs);
      case "bigint":
        return numberLeaf(String(value), false, this.#nowMs);
      case "boolean":
        return plainLeaf(String(value));
      case "undefined":
        return absent;
      case "symbol":
        return plainLeaf(String(value));
      case "function":
        return incomparable("a function");
      case "object":
        return plainLeaf("null");
    }
  }

  #object(value: object, above: readonly object[]): Tree {
    if (above.includes(value)) return incomparable(circle);
    if (above.length >= deepest) return incomparable("too deep to be compared");
    const inside = [...above, value];
    if (value instanceof Date) return dateLeaf(value, this.#nowMs);
    if (value instanceof Incomparable) return incomparable(value.why);
    if (value instanceof Promise) return incomparable("a promise");
    if (value instanceof Uint8Array) return plainLeaf(`0x${Buffer.from(value).toString("hex")}`);
    if (value instanceof Number || value instanceof String || value instanceof Boolean)
      return this.#leaf(value.valueOf());
    if (Array.isArray(value)) return this.#items(withoutColumns(value), inside);
    if (value instanceof Set) return this.#items([...value], inside, true);
    if (value instanceof Map)
      return this.#items(
        [...value].map(([key, of]) => ({ key: key as unknown, of: of as unknown })),
        inside,
        true,
      );
    if (value instanceof Error) return this.#fields(errorParts(value), inside);
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === "function") return this.tree(toJSON.call(value, "") as unknown, inside);
    const instead = standIn(value);
    if (instead !== undefined) return this.tree(instead.as, inside);
    return this.#ofClass(value, inside);
  }

  #ofClass(value: object, inside: readonly object[]): Tree {
    const own = ownParts(value);
    if (isAnswerOfDriver(value)) return this.#fields(own, inside);
    const foreign = own.length === 0 ? fieldless(value) : undefined;
    if (foreign !== undefined) return incomparable(foreign.why);
    const parts = [...own, ...classParts(value, new Set(own.map(([name]) => name)))];
    const name = classOf(value);
    // Of two classes without fields the name is all that tells them apart.
    return parts.length === 0 && name !== "Object" ? plainLeaf(`a ${name}`) : this.#fields(parts, inside);
  }

  #items(values: readonly unknown[], above: readonly object[], isSet = false): Tree {
    return { type: "items", items: values.map((value) => this.tree(value, above)), isSet };
  }

  #fields(parts: readonly (readonly [string, unknown])[], above: readonly object[]): Tree {
    return {
      type: "fields",
      fields: new Map(parts.map(([name, value]) => [name, this.tree(value, above)])),
    };
  }
}

/** Accessors are not called: they may do anything. */
function ownParts(value: object): readonly (readonly [string, unknown])[] {
  const parts = Object.entries(Object.getOwnPropertyDescriptors(value))
    .filter(([, { enumerable }]) => enumerable === true)
    .map(([name, own]): readonly [string, unknown] => [
      name,
      "value" in own ? own.value : new Incomparable("an accessor"),
    ]);
  return parts.filter(([name]) => !bookkeeping(value).includes(name));
}

function isAnswerOfDriver(value: object): boolean {
  return bookkeeping(value).length > 0;
}

/** What drivers say beside rows and counts: types by number, and what the session is in the midst of. */
function bookkeeping(value: object): readonly string[] {
  if ("rows" in value && "rowCount" in value && "fields" in value)
    return Object.keys(value).filter((name) => name !== "rows" && name !== "rowCount");
  if ("affectedRows" in value && "serverStatus" in value)
    return ["serverStatus", "warningStatus", "fieldCount"];
  return [];
}

/** `mysql2` answers rows and, beside them, a list that describes their columns. */
function withoutColumns(value: readonly unknown[]): readonly unknown[] {
  const [rows, columns] = value;
  const describes = (column: unknown): boolean =>
    typeof column === "object" && column !== null && column.constructor.name === "ColumnDefinition";
  return value.length === 2 && Array.isArray(columns) && columns.length > 0 && columns.every(describes)
    ? [rows]
    : value;
}

/** What of an error is compared: another run's stack is another. */
export function errorParts(error: object): readonly (readonly [string, unknown])[] {
  const { name, code, message } = error as Readonly<Record<"name" | "code" | "message", unknown>>;
  return [
    ["name", name],
    ["code", code],
    ["message", message],
  ];
}
