import { tellOfStray } from "./holder-context.ts";
import type { Method } from "./patch.ts";

/** A client of `pg`; applications that log give it a `query` of its own (node-postgres guide, "Project structure"). */
interface Client {
  query?: Method;
}

/** What stands on a prototype when it is not instrumented. */
const originals = new WeakSet<Method>();

/** How many statements of each client's have come by the instruments. */
const cameBy = new WeakMap<object, number>();

/** What tells of statements that do not come by. */
const watching = new WeakSet<Method>();

/** Takes note of what a prototype's `query` is without instruments. */
export function isOriginal(query: Method): void {
  originals.add(query);
}

/** Takes note of a statement that comes by. */
export function comesBy(client: object): void {
  cameBy.set(client, (cameBy.get(client) ?? 0) + 1);
}

/**
 * Sees to it that a client that is handed to a session is heard. It may have a `query` of its own since before it was
 * instrumented. Where that is the prototype's, it is taken away; of any other it is told when statements do not come by.
 */
export function hearClient(client: unknown): void {
  if (typeof client !== "object" || client === null || !Object.hasOwn(client, "query")) return;
  const own = (client as Client).query;
  if (own === undefined || watching.has(own)) return;
  if (originals.has(own)) {
    delete (client as Client).query;
    return;
  }
  const watched: Method = function query(this: unknown, ...args) {
    const before = cameBy.get(client);
    const answer = own.apply(this, args);
    const [question] = args as [string | { readonly text?: unknown } | undefined];
    if (cameBy.get(client) === before) tellOfStray(typeof question === "string" ? question : question?.text);
    return answer;
  };
  watching.add(watched);
  (client as Client).query = watched;
}
