import type { Json } from "../../../../src/history/operation.ts";
import type { BugName } from "./bugs.ts";
import type { Planned, Transaction } from "./database.ts";
import { afterWrite, elementsOf, kindOf } from "./objects.ts";

/** What a read that goes wrong can look at. */
export interface ReadView {
  readonly key: string;
  /** The right answer. */
  readonly value: Json;
  /** The transaction has read the object before. */
  readonly again: boolean;
  /** What the transaction will do after this read. */
  readonly plan: readonly Planned[];
  readonly own: readonly Planned[];
  /** With what other transactions wrote and did not commit. */
  readonly dirty: () => Json;
  /** The latest committed value, with the transaction's own writes. */
  readonly latest: () => Json;
  /** The element of the last writer that aborted. */
  readonly aborted: Json | undefined;
  readonly others: readonly Transaction[];
  /** What other sessions will run next. */
  readonly planned: readonly Planned[];
}

/** The wrong answer that a bug makes of a read, or undefined where it makes none. */
export function misread(bug: BugName, view: ReadView): Json | undefined {
  const { key, value, again } = view;
  // The other bugs are no bugs of reads.
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
  switch (bug) {
    case "dirty-read":
      return view.dirty();
    case "aborted-read":
      return view.aborted === undefined ? undefined : afterWrite(key, value, view.aborted);
    case "intermediate-read":
      return intermediate(view);
    case "fractured-read":
      return view.latest();
    case "non-repeatable-read":
      return again ? view.latest() : undefined;
    case "future-read":
      return future(view);
    case "truncated-list":
      return kindOf(key) === "list" && (value as readonly Json[]).length > 1
        ? (value as readonly Json[]).slice(1)
        : undefined;
    case "torn-set":
      return torn(view);
    case "garbage":
      return afterWrite(key, value, "nobody wrote this");
    default:
      return undefined;
  }
}

/** The state between two writes of another transaction. */
function intermediate({ key, value, others, own }: ReadView): Json | undefined {
  if (own.some((write) => write.key === key)) return undefined;
  const writer = others.find(
    ({ writes, plan, done }) =>
      writes.some((write) => write.key === key) &&
      plan.slice(done).some((next) => next.key === key && next.element !== undefined),
  );
  return writer?.writes.reduce(
    (state, write) => (write.key === key ? afterWrite(key, state, write.element) : state),
    value,
  );
}

/** What the transaction itself, or another session's next transaction, is going to write. */
function future({ key, value, plan, planned }: ReadView): Json | undefined {
  const own = kindOf(key) === "list" ? plan : [];
  const next = [...own, ...planned].find((write) => write.key === key && write.element !== undefined);
  return next?.element === undefined ? undefined : afterWrite(key, value, next.element);
}

/** Without one of the elements that were inserted together: they share the writer's number. */
function torn({ key, value, own }: ReadView): Json | undefined {
  if (own.some((write) => write.key === key)) return undefined;
  const items = elementsOf(key, value);
  const writerOf = (element: Json): string => JSON.stringify(element).split(".")[0]!;
  const lost = items.find(
    (element, i) => items.findIndex((other) => writerOf(other) === writerOf(element)) < i,
  );
  return lost === undefined ? undefined : items.filter((element) => element !== lost);
}
