import type { History } from "../../../src/history/history.ts";
import type { Header } from "../../../src/history/header.ts";
import type { Json, Mop } from "../../../src/history/operation.ts";
import { event, type Event, fromEvents } from "../support/notation.ts";

/**
 * Transactions on rows, separated by blanks; keys, version numbers and values are one character each.
 *
 *     wx1a  write version 1 of x, the value a       w?  an unknown number: wx?a     dx2  delete x as version 2
 *     rx1a  read it                                 rx  read no row                 dx   delete it
 *
 * With plain values: `ixa` inserts, `wxa` writes, `rxa` reads, `dx` deletes, and reads by a predicate show
 * rows and values: `p*xayb` all, `p=axa` those that are a, `p0x2` even and `p1x3` odd ones, `p*_` nobody
 * knows which. A leading `!` makes the transaction fail, `?` leaves it unknown, `@` makes it the `init`.
 */
export function rows(texts: readonly string[], plain = false, header: Header | null = null): History {
  const parsed = texts.map((text) => ({
    f: text.startsWith("@") ? "init" : "txn",
    type: text.startsWith("!")
      ? ("fail" as const)
      : text.startsWith("?")
        ? ("info" as const)
        : ("ok" as const),
    mops: text
      .replace(/^[!?@]/, "")
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => parseMop(word, plain)),
  }));
  return fromEvents(
    [...parsed.keys(), ...parsed.keys()].map((process, i): Event => {
      const { f, type, mops } = parsed[process]!;
      return i < parsed.length
        ? { ...event(process, "invoke", mops.map(invoked)), f }
        : { ...event(process, type, mops), f };
    }),
    header,
  );
}

function parseMop(word: string, plain: boolean): Mop {
  const [kind = "", key = "", ...rest] = Array.from(word);
  const value = plain ? plainValue(rest) : versionedValue(rest);
  switch (kind) {
    case "r":
    case "w":
      return [kind, key, value];
    case "p":
      return predicateRead(word);
    case "i":
      return ["insert", key, value];
    case "d":
      return plain
        ? ["delete", key, null]
        : ["w", key, [rest[0] === undefined ? null : Number(rest[0]), null]];
    default:
      throw new Error(`what is ${word}?`);
  }
}

function predicateRead(word: string): Mop {
  const kind = word.charAt(1);
  const predicate: Json =
    kind === "*" ? true : kind === "=" ? ["=", plainValue([word.charAt(2)])] : ["mod", 2, Number(kind)];
  const shown = word.slice(kind === "=" ? 3 : 2);
  if (shown === "_") return ["rp", predicate, null];
  const pairs = shown.match(/../g) ?? [];
  return ["rp", predicate, pairs.map((pair) => [pair.charAt(0), plainValue([pair.charAt(1)])])];
}

function versionedValue([number, value]: readonly string[]): Json {
  if (number === undefined) return null;
  return [number === "?" ? null : Number(number), value ?? null];
}

function plainValue([value]: readonly string[]): Json {
  return value === undefined ? null : /\d/.test(value) ? Number(value) : value;
}

function invoked([kind, key, value]: Mop): Mop {
  if (kind === "r" || kind === "rp") return [kind, key, null];
  return [kind, key, Array.isArray(value) ? [null, (value as Json[])[1] ?? null] : value];
}
