import type { Header } from "../../../../src/history/header.ts";
import type { History } from "../../../../src/history/history.ts";
import type { Mop, OperationType } from "../../../../src/history/operation.ts";
import { asInvoked, event, fromEvents } from "../../support/notation.ts";

/** A transaction of a history so small that everything about it can be tried out. */
export interface Tiny {
  readonly mops: readonly Mop[];
  readonly type: Exclude<OperationType, "invoke">;
  /** Whether the reads are known: always where it committed, sometimes where nobody knows the outcome. */
  readonly tells: boolean;
  readonly process: number;
  /** Moments of the invocation and the completion: different for all transactions. */
  readonly begin: number;
  readonly end: number;
}

/** Whether the first must take effect before the second, where both take effect. */
export type Precedence = (first: Tiny, second: Tiny) => boolean;

/** Real time: it surely committed, and was done before the other began. */
export const realtime: Precedence = (first, second) => first.type === "ok" && first.end < second.begin;

/** Session order: the same, within a process. */
export const session: Precedence = (first, second) =>
  first.process === second.process && second.type === "ok" && realtime(first, second);

/** No order but what the data says. */
export const anyOrder: Precedence = () => false;

/** The transactions as a history; reads are null where nobody knows them. */
export function tinyHistory(transactions: readonly Tiny[], header: Header | null = null): History {
  const events = transactions.flatMap(({ mops, type, tells, process, begin, end }) => [
    { at: begin, event: event(process, "invoke", asInvoked(mops)) },
    { at: end, event: event(process, type, tells ? mops : asInvoked(mops)) },
  ]);
  return fromEvents(
    events.sort((a, b) => a.at - b.at).map((one) => one.event),
    header,
  );
}

/** The transactions on one line each, for the message of a failed test. */
export function told(transactions: readonly Tiny[]): readonly string[] {
  return transactions.map(
    ({ mops, type, tells, process, begin, end }) =>
      `${type}${tells ? "" : " (silent)"} p${process} ${begin.toFixed(1)}..${end.toFixed(1)} ${JSON.stringify(mops)}`,
  );
}
