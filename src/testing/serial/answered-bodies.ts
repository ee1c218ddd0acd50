import type { Clock } from "../../clock/clock.ts";

/** What the body of an answer holds, or why that is not known. */
export type Body = Uint8Array | { readonly why: string };

/** Longer bodies are not compared, in bytes. */
const longest = 1_000_000;

/** So long may a body take to come to its end. */
const patienceMs = 1_000;

/** More objects of one answer are not looked through for bodies. */
const mostObjects = 10_000;

/** By the object that has it: a `Response`, a `Request`, a `Blob`. */
const bodies = new WeakMap<object, Body>();

/**
 * Reads the bodies of what a function has answered, of a copy: whoever asks the answer for its body still has it. To be
 * awaited before the answer is made a tree.
 */
export async function readBodies(answer: unknown, clock: Clock): Promise<void> {
  for (const object of withBody(answer)) {
    if (bodies.has(object)) continue;
    bodies.set(object, await bodyIn(object, clock).catch(() => ({ why: "cannot be read" })));
  }
}

/** The body of an object, as it was when it was read. */
export function bodyOf(object: object): Body {
  return bodies.get(object) ?? { why: "was not read" };
}

/** `Response` for one, whichever package it comes from. */
export function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function withBody(answer: unknown): readonly object[] {
  const seen = new Set<object>();
  const add = (value: unknown): void => {
    if (typeof value === "object" && value !== null && seen.size < mostObjects) seen.add(value);
  };
  add(answer);
  const found: object[] = [];
  for (const object of seen)
    try {
      if (["Response", "Request", "Blob", "File"].includes(tagOf(object))) found.push(object);
      else for (const part of partsOf(object)) add(part);
    } catch {
      // What cannot be looked at is told of where it is compared.
    }
  return found;
}

function partsOf(object: object): Iterable<unknown> {
  if (ArrayBuffer.isView(object)) return [];
  if (object instanceof Map || object instanceof Set || object instanceof FormData)
    return object.values() as Iterable<unknown>;
  return Object.values(Object.getOwnPropertyDescriptors(object)).map(({ value }): unknown => value);
}

interface Streamed {
  readonly body?: ReadableStream<Uint8Array> | null;
  readonly bodyUsed?: boolean;
  readonly clone?: () => Streamed;
  readonly stream?: () => ReadableStream<Uint8Array>;
}

async function bodyIn(object: Streamed, clock: Clock): Promise<Body> {
  if (object.bodyUsed === true) return { why: "had been read already" };
  const body = object.stream?.() ?? object.clone?.().body;
  if (body === undefined || body === null) return new Uint8Array();
  const reader = body.getReader();
  const stop = new AbortController();
  try {
    const late = clock
      .sleep(patienceMs, stop.signal)
      .then((): Body => ({ why: `did not come to its end within ${patienceMs / 1000} s` }));
    late.catch(() => undefined);
    return await Promise.race([allOf(reader), late]);
  } finally {
    stop.abort();
    reader.cancel().catch(() => undefined);
  }
}

async function allOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    chunks.push(value);
    size += value.length;
    if (size > longest) return { why: `has more than ${longest} bytes` };
  }
}
