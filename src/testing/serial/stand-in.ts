import { isAnyArrayBuffer, isDataView, isRegExp } from "node:util/types";

import { bodyOf, tagOf } from "./answered-bodies.ts";

/** Stands for a part of a value that cannot be compared. */
export class Incomparable {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** What is compared instead of an object whose own fields do not say what it holds; undefined for all others. */
export function standIn(value: object): { readonly as: unknown } | undefined {
  if (isAnyArrayBuffer(value)) return { as: new Uint8Array(value) };
  if (isDataView(value)) return { as: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) };
  if (ArrayBuffer.isView(value)) return { as: Array.from(value as Float64Array) };
  if (isRegExp(value)) return { as: String(value) };
  const tag = tagOf(value);
  switch (tag) {
    case "Headers":
      return { as: headersOf(value as Headers) };
    case "URLSearchParams":
    case "FormData": {
      const entries = [...(value as Iterable<readonly [string, unknown]>)];
      return { as: entries.map(([name, of]) => ({ name, value: of })) };
    }
    case "Response": {
      const { status, headers } = value as Response;
      return { as: { status, headers, body: textOf(value, tag) } };
    }
    case "Request": {
      const { method, url, headers } = value as Request;
      return { as: { method, url, headers, body: textOf(value, tag) } };
    }
    case "Blob":
    case "File": {
      const { type, name } = value as { readonly type: string; readonly name?: string };
      return { as: { type, name, body: textOf(value, tag) } };
    }
    default:
      return undefined;
  }
}

function headersOf(headers: Headers): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const [name, value] of headers)
    values.set(name, values.has(name) ? `${values.get(name) ?? ""}, ${value}` : value);
  return Object.fromEntries(values);
}

/** A body as text, where it is one. */
function textOf(value: object, tag: string): unknown {
  const body = bodyOf(value);
  if (!(body instanceof Uint8Array)) return new Incomparable(`the body of a ${tag}, which ${body.why}`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return body;
  }
}
