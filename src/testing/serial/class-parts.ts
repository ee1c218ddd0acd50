import { tagOf } from "./answered-bodies.ts";
import { Incomparable } from "./stand-in.ts";

type Parts = readonly (readonly [string, unknown])[];

/**
 * What an object of a class holds beside its own fields: the values of its class's getters, and a part for each private
 * field that none of them shows. Nothing for plain objects.
 */
export function classParts(value: object, own: ReadonlySet<string>): Parts {
  const parts = new Map<string, unknown>();
  const hidden = new Set<string>();
  for (const prototype of prototypesOf(value)) {
    for (const [name, accessor] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (accessor.get !== undefined && !own.has(name) && !parts.has(name))
        parts.set(name, gotten(accessor, value));
    for (const name of privateFields(prototype)) hidden.add(name);
  }
  for (const name of hidden)
    if (!parts.has(name))
      parts.set(`#${name}`, new Incomparable(`the private field #${name} of a ${classOf(value)}`));
  return [...parts];
}

/** What stands for an object that has no fields of its own; undefined where its class is what it is. */
export function fieldless(value: object): Incomparable | undefined {
  const [prototype] = prototypesOf(value);
  const isForeign =
    prototype !== undefined &&
    (tagOf(value) !== "Object" ||
      sourceOf(prototype) === undefined ||
      Object.getOwnPropertySymbols(value).length > 0);
  return isForeign ? new Incomparable(`a ${classOf(value)}`) : undefined;
}

/** All but the last, which is that of every object. */
function prototypesOf(value: object): readonly object[] {
  const found: object[] = [];
  let prototype = prototypeOf(value);
  while (prototype !== null) {
    found.push(prototype);
    prototype = prototypeOf(prototype);
  }
  return found.slice(0, -1);
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value) as object | null;
}

function gotten(accessor: PropertyDescriptor, of: object): unknown {
  try {
    const value: unknown = accessor.get?.call(of);
    // Nobody else waits for it.
    if (value instanceof Promise) value.catch(() => undefined);
    return value;
  } catch {
    return new Incomparable("an accessor that throws");
  }
}

/** What people call the class of an object; `Object` for a plain one. */
export function classOf(value: object): string {
  const tag = tagOf(value);
  if (tag !== "Object" || prototypesOf(value).length === 0) return tag;
  const { constructor } = value as { readonly constructor?: unknown };
  return typeof constructor === "function" ? constructor.name : tag;
}

/** The text of a class; undefined where it is not written in JavaScript. */
function sourceOf(prototype: object): string | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const source = typeof constructor === "function" ? Function.prototype.toString.call(constructor) : "";
  return source === "" || source.includes("[native code]") ? undefined : source;
}

const declared = /(?<=[{;}\n]\s*)#([\p{ID_Start}$_][\p{ID_Continue}$]*)(?=\s*[=;}]|\s*\n)/gu;

/** Names of the private fields that a class declares, as far as its text tells; methods are none. */
function privateFields(prototype: object): readonly string[] {
  const source = sourceOf(prototype) ?? "";
  if (!source.startsWith("class")) return [];
  return [...source.matchAll(declared)].map(([, name = ""]) => name);
}
