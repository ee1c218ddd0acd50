import { isDeepStrictEqual } from "node:util";

import type { TraceEvent, TracedResult } from "../../scheduler/trace.ts";

/** A statement that a session's code has sent, and what it was answered, if it was. */
export interface SentStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly result: TracedResult | undefined;
}

/** The first statement in which the same code did not do the same; undefined for none. */
export interface UnlikeConduct {
  readonly once: SentStatement | undefined;
  readonly again: SentStatement | undefined;
}

/** What one session of an execution has sent, in order. */
export function sentBy(events: readonly TraceEvent[], session: number): readonly SentStatement[] {
  const sent: SentStatement[] = [];
  for (const event of events) {
    if (event.session !== session) continue;
    if (event.type === "sent") sent.push({ sql: event.sql, params: event.params, result: undefined });
    const last = sent.at(-1);
    if (event.type === "returned" && last !== undefined)
      sent[sent.length - 1] = { ...last, result: event.result };
  }
  return sent;
}

/**
 * Where two executions of the same code part, as far as it is the code that parts: it was answered the same so far, and
 * sends another statement. Undefined where they do not part, or where an answer differs before.
 *
 * @param values whether other values in the same statement count: they may be generated keys, times and identifiers
 */
export function unlikeConduct(
  one: readonly SentStatement[],
  other: readonly SentStatement[],
  values: boolean,
): UnlikeConduct | undefined {
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const [once, again] = [one[i], other[i]];
    if (once === undefined || again === undefined || !isSame(once, again, values)) return { once, again };
    if (!isDeepStrictEqual(once.result, again.result)) return undefined;
  }
  return undefined;
}

/** `"select …" once and "update …" another time`. */
export function tellUnlike({ once, again }: UnlikeConduct): string {
  const [first, second] = [inWords(once), inWords(again)];
  // What differs is where the texts were cut.
  return first === second ? "other statements each time" : `${first} once and ${second} another time`;
}

/** Why functions come out otherwise each time where one of them has several statements under way at once. */
export function racesWithItself(name: string): string {
  return (
    `The functions do not come out the same each time they run one after another: ${name} has several statements under way at once (\`Promise.all\`), on connections of its own, and races with itself. ` +
    "In which order they go is not searched: it is the order in which there are connections for them. " +
    "To race them with each other, make each of them a session: `sessions: [() => one(), () => two()]`. If each is to see what the one before has done, `await` them one after another."
  );
}

function isSame(one: SentStatement, other: SentStatement, values: boolean): boolean {
  if (values) return one.sql === other.sql && isDeepStrictEqual(one.params, other.params);
  return shapeOf(one.sql) === shapeOf(other.sql);
}

/** A statement without its values, and without names that are made up anew (of savepoints, of prepared statements). */
function shapeOf(sql: string): string {
  return sql
    .replaceAll(/\/\*[\s\S]*?\*\//g, " ")
    .replaceAll(/'(?:[^']|'')*'/g, "?")
    .replaceAll(/(["`])[^"`]*\d[^"`]*\1/g, "#")
    .replaceAll(/\$?\b\w*\d\w*\b/g, "#")
    .replaceAll(/\s+/g, " ")
    .trim();
}

const longest = 100;

function inWords(statement: SentStatement | undefined): string {
  if (statement === undefined) return "nothing more";
  const { sql, params } = statement;
  const text = sql.replaceAll(/\s+/g, " ").trim();
  const values = params.length === 0 ? "" : ` with ${params.map(String).join(", ")}`;
  const whole = `${text}${values}`;
  return `\`${whole.length > longest ? `${whole.slice(0, longest - 1)}…` : whole}\``;
}
