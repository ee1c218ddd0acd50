import type { History } from "../../../src/history/history.ts";
import { asInvoked, event, fromEvents, parse } from "./notation.ts";

/**
 * Transactions in the notation of notation.ts, named a, b, c, …, and when each begins and ends:
 * `(a (b )a )b` has two that overlap. Each is a process of its own; one that never ends has no completion.
 */
export function timeline(texts: readonly string[], moments: string): History {
  return fromEvents(
    moments.split(" ").map((moment) => {
      const process = "abcdefgh".indexOf(moment.slice(1));
      const { type, mops } = parse(texts[process]!);
      return moment.startsWith("(") ? event(process, "invoke", asInvoked(mops)) : event(process, type, mops);
    }),
  );
}

/** Sessions, each a process and its transactions one after the other: `ax1, ry`. */
export function sessions(texts: readonly string[]): History {
  return fromEvents(
    texts.flatMap((session, process) =>
      session.split(", ").flatMap((text) => {
        const { type, mops } = parse(text);
        return [event(process, "invoke", asInvoked(mops)), event(process, type, mops)];
      }),
    ),
  );
}
