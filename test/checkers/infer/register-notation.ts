import type { Header } from "../../../src/history/header.ts";
import type { History } from "../../../src/history/history.ts";
import type { Json, Mop, OperationType } from "../../../src/history/operation.ts";
import { asInvoked, event, type Event, fromEvents } from "../support/notation.ts";

interface Transaction {
  readonly type: OperationType;
  readonly mops: readonly Mop[];
}

/**
 * Transactions on registers: `wx1` writes 1 to x, `rx1` reads 1, `rx` reads null. A leading `!` makes
 * the transaction fail, a leading `?` leaves its outcome unknown.
 */
export function parseRegisters(text: string): Transaction {
  const type = text.startsWith("!") ? "fail" : text.startsWith("?") ? "info" : "ok";
  const words = text.replace(/^[!?]/, "").split(" ");
  const mops = words.map((word): Mop => {
    const value: Json = word.length > 2 ? Number(word.slice(2)) : null;
    return [word.startsWith("w") ? "w" : "r", word.charAt(1), value];
  });
  return { type, mops };
}

/** All in flight at once, each on a process of its own. */
export function concurrentEvents(texts: readonly string[], firstProcess = 0): readonly Event[] {
  const parsed = texts.map(parseRegisters);
  return [
    ...parsed.map(({ mops }, i) => event(firstProcess + i, "invoke", asInvoked(mops))),
    ...parsed.map(({ type, mops }, i) => event(firstProcess + i, type, mops)),
  ];
}

/** One after the other, each on a process of its own. */
export function serialEvents(texts: readonly string[], firstProcess = 0): readonly Event[] {
  return texts.flatMap((text, i) => concurrentEvents([text], firstProcess + i));
}

/** A history of {@link concurrentEvents}. */
export function concurrently(texts: readonly string[], header: Header | null = null): History {
  return fromEvents(concurrentEvents(texts), header);
}

/** A history of {@link serialEvents}. */
export function oneByOne(texts: readonly string[]): History {
  return fromEvents(serialEvents(texts));
}

/** One after the other, all on one process. */
export function inOneProcess(texts: readonly string[]): History {
  return fromEvents(texts.flatMap((text) => concurrentEvents([text])));
}
