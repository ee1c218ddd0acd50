import type { Header } from "../../../src/history/header.ts";
import type { History } from "../../../src/history/history.ts";
import type { Mop, OperationType } from "../../../src/history/operation.ts";
import { asInvoked, event, type Event, fromEvents, header } from "../support/notation.ts";

/** An operation: how it ended and what it did. */
export interface Play {
  readonly type: OperationType;
  readonly mops: readonly Mop[];
  readonly f?: string;
}

export const ok = (...mops: readonly Mop[]): Play => ({ type: "ok", mops });
export const failed = (...mops: readonly Mop[]): Play => ({ type: "fail", mops });
export const info = (...mops: readonly Mop[]): Play => ({ type: "info", mops });

/**
 * Operations by letter, and when each begins and ends: `(a (b )a )b` has two that overlap. Then one read at rest
 * of each micro-operation.
 */
export function play(
  plays: Readonly<Record<string, Play>>,
  moments: string,
  rest: readonly Mop[],
  head: Header | null = header("mariadb", "read-committed"),
): History {
  const names = Object.keys(plays);
  const before = moments.split(" ").map((moment): Event => {
    const name = moment.slice(1);
    const { type, mops, f = "txn" } = plays[name]!;
    const process = names.indexOf(name);
    const isBegin = moment.startsWith("(");
    return { ...event(process, isBegin ? "invoke" : type, isBegin ? asInvoked(mops) : mops), f };
  });
  return fromEvents([...before, ...rest.flatMap((mop, number) => atRest(names.length + number, mop))], head);
}

/** A read of a fresh session. */
export function atRest(process: number, [kind, key, value]: Mop): readonly Event[] {
  const f = "read-at-rest";
  return [
    { ...event(process, "invoke", [[kind, key, null]]), f },
    { ...event(process, "ok", [[kind, key, value]]), f },
  ];
}
