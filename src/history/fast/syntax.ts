import { EdnKeyword } from "../edn.ts";
import { jsonFromEdn } from "../edn-json.ts";
import { parseEdn } from "../edn-reader.ts";
import { isSafeJson } from "../json-value.ts";
import type { Json } from "../operation.ts";

/** How the two syntaxes of operations differ, as far as the fast path must know. */
export interface Syntax {
  /** Members and elements are separated by commas, names and values by colons; else by any space. */
  readonly strict: boolean;
  /** The byte between the elements of a list where nothing more is written than must be. */
  readonly separator: number;
  /** The bytes around the name of a type, a function, a kind or a field. */
  readonly beforeName: number;
  /** 0 where nothing comes after it. */
  readonly afterName: number;
  readonly null: Uint8Array;
  /** The value that a text is, as the general reader has it; undefined where that would refuse it. */
  readonly json: (text: string) => Json | undefined;
  /** The name that a text is, where a name is expected; undefined if it is none. */
  readonly name: (text: string) => string | undefined;
}

export const jsonSyntax: Syntax = {
  strict: true,
  separator: 0x2c,
  beforeName: 0x22,
  afterName: 0x22,
  null: Buffer.from("null"),
  json: (text) => guarded(() => JSON.parse(text) as Json),
  name: (text) => {
    const value = guarded(() => JSON.parse(text) as Json);
    return typeof value === "string" ? value : undefined;
  },
};

export const ednSyntax: Syntax = {
  strict: false,
  separator: 0x20,
  beforeName: 0x3a,
  afterName: 0,
  null: Buffer.from("nil"),
  json: (text) => guarded(() => jsonFromEdn(parseEdn(text))),
  name: (text) => {
    const value = guardedAny(() => parseEdn(text));
    if (value instanceof EdnKeyword) return value.name;
    return typeof value === "string" ? value : undefined;
  },
};

/** A name as it is spelled in a syntax. */
export function spelled({ beforeName, afterName }: Syntax, name: string): Buffer {
  return Buffer.from([beforeName, ...Buffer.from(name), ...(afterName === 0 ? [] : [afterName])]);
}

function guarded(read: () => Json): Json | undefined {
  const value = guardedAny(read);
  return isSafeJson(value) ? value : undefined;
}

/** What the general reader refuses is left to it, for it says why and where. */
function guardedAny<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
