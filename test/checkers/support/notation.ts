import { historyBuilder } from "../../../src/history/history-builder.ts";
import type { Header, IsolationLevel } from "../../../src/history/header.ts";
import type { History } from "../../../src/history/history.ts";
import type { Json, Mop, Operation, OperationType } from "../../../src/history/operation.ts";

/**
 * Transactions as the literature writes them, separated by blanks; keys are one letter, elements one
 * character each.
 *
 *     ax1   append 1 to x           rx12  read x as [1, 2]     rx   read x as []     rx_  read x as null
 *     +xa   add a to the set x      sxab  see the set x as {a, b}          sx   see it empty
 *
 * A leading `!` makes the transaction fail, a leading `?` leaves its outcome unknown.
 */
export function parse(text: string): { readonly type: OperationType; readonly mops: readonly Mop[] } {
  const type = text.startsWith("!") ? "fail" : text.startsWith("?") ? "info" : "ok";
  const mops = text
    .replace(/^[!?]/, "")
    .split(" ")
    .filter((word) => word !== "")
    .map(parseMop);
  return { type, mops };
}

function parseMop(word: string): Mop {
  const kind = word.charAt(0);
  const key = word.charAt(1);
  const items = Array.from(word.slice(2));
  const list: Json = word.endsWith("_") ? null : items.map(element);
  if (kind === "a") return ["append", key, element(items[0] ?? "?")];
  if (kind === "r") return ["r", key, list];
  if (kind === "+") return ["add", key, element(items[0] ?? "?")];
  if (kind === "s") return ["rs", key, list];
  throw new Error(`what is ${word}?`);
}

function element(text: string): Json {
  return /^\d$/.test(text) ? Number(text) : text;
}

/** The micro-operations as an invocation states them: reads not known yet. */
export function asInvoked(mops: readonly Mop[]): readonly Mop[] {
  return mops.map(([kind, key, value]) => [kind, key, kind === "r" || kind === "rs" ? null : value]);
}

export interface Options {
  readonly header?: Header | null;
  /** One process for all, so that session order holds; else each transaction has its own. */
  readonly sameProcess?: boolean;
}

/** All transactions in flight at once: invoked in order, then completed in order. */
export function concurrent(texts: readonly string[], options: Options = {}): History {
  const parsed = texts.map(parse);
  return fromEvents(
    [...parsed.keys(), ...parsed.keys()].map((process, i) => {
      const { type, mops } = parsed[process]!;
      return i < parsed.length ? event(process, "invoke", asInvoked(mops)) : event(process, type, mops);
    }),
    options.header ?? null,
  );
}

/** Each transaction is invoked after the one before it completed. */
export function sequential(texts: readonly string[], options: Options = {}): History {
  return fromEvents(
    texts.map(parse).flatMap(({ type, mops }, i) => {
      const process = options.sameProcess === true ? 0 : i;
      return [event(process, "invoke", asInvoked(mops)), event(process, type, mops)];
    }),
    options.header ?? null,
  );
}

export type Event = Pick<Operation, "process" | "type" | "value" | "f" | "data" | "error">;

export function event(process: number | string, type: OperationType, value: Operation["value"]): Event {
  return { process, type, value, f: "txn" };
}

export function fromEvents(events: readonly Event[], header: Header | null = null): History {
  const builder = historyBuilder(header);
  events.forEach((one, index) => {
    builder.add({ index, time: index, ...one });
  });
  return builder.build();
}

export function header(
  kind: Header["database"]["kind"] = "postgres",
  isolation: IsolationLevel = "serializable",
  settings: Readonly<Record<string, string>> = {},
  checks?: readonly string[],
): Header {
  return {
    isolab: 1,
    seed: "1",
    workload: "test",
    params: {},
    mode: "stress",
    isolation,
    database: { kind, version: "1", settings },
    ...(checks === undefined ? {} : { checks }),
  };
}
