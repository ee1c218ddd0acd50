import type { Header } from "../../../../src/history/header.ts";
import type { History } from "../../../../src/history/history.ts";
import type { Json, Mop, OperationType } from "../../../../src/history/operation.ts";
import { asInvoked, type Event, event, fromEvents } from "../../support/notation.ts";

/** A transaction on registers: who ran it, how it ended, what it did. */
export interface Transaction {
  readonly process: number;
  readonly type: OperationType;
  readonly mops: readonly Mop[];
}

/**
 * Transactions on registers as the literature writes them: the process, a colon, then
 *
 *     wx1   write 1 to x           rx1   read 1 in x           rx_   read x in its initial version
 *
 * A `!` after the colon makes the transaction fail, a `?` leaves its outcome unknown.
 */
export function parseRegister(text: string): Transaction {
  const [, process = "0", mark = "", rest = ""] = /^(\d+): *([!?]?)(.*)$/.exec(text) ?? [];
  const type = mark === "!" ? "fail" : mark === "?" ? "info" : "ok";
  const mops = rest
    .split(" ")
    .filter((word) => word !== "")
    .map((word): Mop => {
      const value: Json = word.slice(2) === "_" ? null : Number(word.slice(2));
      return [word.charAt(0), word.charAt(1), value];
    });
  return { process: Number(process), type, mops };
}

/** One after the other, each completed before the next is invoked. */
export function registers(texts: readonly string[], header: Header | null = null): History {
  return historyOf(texts.map(parseRegister), header);
}

/** Likewise. What a transaction that is not `ok` read is not recorded. */
export function historyOf(transactions: readonly Transaction[], header: Header | null = null): History {
  const events = transactions.flatMap(({ process, type, mops }): readonly Event[] => [
    event(process, "invoke", asInvoked(mops)),
    event(process, type, type === "ok" ? mops : asInvoked(mops)),
  ]);
  return fromEvents(events, header);
}
