import type { RaceFault } from "../race-finding.ts";

/** A session that has not come to its end, and what it waits for. */
export interface WaitingSession {
  /** What its function is called. */
  readonly name: string;
  /** A connection of a pool that has none left, or a lock in the database. */
  readonly waitsFor: "connection" | "lock";
  /** Connections on which it has a transaction open. */
  readonly transactions: number;
  /** Of these, those over which the statement that waits was not sent. */
  readonly elsewhere: number;
  /** Its own statements that are to be carried out after the one that waits. */
  readonly queued: number;
  /** What would end its wait if it were not switched off during a race; undefined for nothing. */
  readonly limit: string | undefined;
}

/**
 * What a schedule shows in which all that are left wait for each other, for connections and for locks: no server can
 * end that, and no other statement comes.
 */
export function deadlockFault(waiting: readonly WaitingSession[]): RaceFault {
  return {
    kind: "deadlock",
    name: "deadlock",
    error: undefined,
    message: [
      "The sessions wait for each other, and nobody can end it: the pool has no connection left, and who holds one waits.",
      ...waiting.map((session) => `  ${situationOf(session)}`),
      inProduction,
      inTests,
    ].join("\n"),
  };
}

/** Why sessions that all wait for connections cannot go on, where it is not proven that they hold them. */
export function starvedOf(names: readonly string[]): string {
  const each = names.length === 1 ? "it holds" : "they hold";
  return `${names.join(" and ")} waited in vain for a connection of a pool that has none left. Either ${each} the others, or connections were taken before and not given back (release them in a \`finally\`). ${inProduction} ${inTests}`;
}

const inProduction =
  "Production hangs in the same way, as soon as as many requests as the pool has connections are at this place at once, however large it is; with a time limit of the pool's, all of them fail. Do with one connection all that a request does: hand the open transaction on, or end it before the next connection is taken.";

const inTests =
  "If that is not what this race is about, give the pool of the test a connection more for each session.";

function situationOf({ name, waitsFor, transactions }: WaitingSession): string {
  const what = waitsFor === "lock" ? "waits for a lock" : "waits for a connection";
  if (transactions === 0) return `${name} ${what}.`;
  return `${name} has ${transactionsOn(transactions)}, and ${what.replace("a connection", "one more")}.`;
}

/**
 * Whether the sessions wait for each other, and no server ends that. Locks alone are the server's to end, and on one
 * that is not ours several waits may be about to be ended.
 *
 * @param waiting all that are left
 * @param isOurs the server ends a wait only where we let it
 */
export function isDeadlock(waiting: readonly WaitingSession[], isOurs: boolean): boolean {
  const locks = waiting.filter(({ waitsFor }) => waitsFor === "lock");
  return (
    waiting.length > 1 &&
    locks.length < waiting.length &&
    locks.every(({ queued }) => queued === 0) &&
    waiting.some(({ transactions }) => transactions > 0) &&
    (locks.length < 2 || isOurs)
  );
}

/** Why it proves nothing that the sessions wait for each other, where a limit of one of them would end that; undefined without one. */
export function limitedWait(waiting: readonly WaitingSession[]): string | undefined {
  const limited = waiting.find(({ limit }) => limit !== undefined);
  if (limited?.limit === undefined) return undefined;
  const { name, waitsFor, limit } = limited;
  const what = waitsFor === "lock" ? "for a lock" : "for a connection with a transaction open";
  return `The sessions wait for each other, since the pool has no connection left; but ${name} waits ${what}, and \`${limit}\` ends that in production. What follows then is not tried here. ${inTests}`;
}

/**
 * Why one of the sessions that are left cannot go on, as a sentence that says what to do: it waits for a lock and has more
 * to send, or is the only one. Undefined where none waits for itself.
 */
export function waitsForItself(waiting: readonly WaitingSession[]): string | undefined {
  const several = waiting.find(
    ({ waitsFor, queued, transactions }) => waitsFor === "lock" && queued > 0 && transactions > 0,
  );
  if (several !== undefined) return severalAtOnce(several.name);
  const [session, ...others] = waiting;
  if (session === undefined || others.length > 0) return undefined;
  const { name, waitsFor, transactions, elsewhere, queued } = session;
  if (waitsFor === "connection") {
    if (transactions === 0) return starvedOf([name]);
    return `${name} waits for a connection of a pool that has none left, with nobody else at work, and has ${transactionsOn(transactions)} itself. ${inProduction} Else give the pool of the test more connections than one session needs.`;
  }
  if (queued > 0) return severalAtOnce(name);
  if (elsewhere === 0) return undefined;
  return `${name} waits for a lock that it holds itself: it has ${transactionsOn(elsewhere)}, and a statement that it sends over another one waits for what is locked there. Production hangs in the same way. Send both over one connection: hand the open transaction on.`;
}

/** What is said where a session waits for a lock of its own while its next statement waits for that one. */
function severalAtOnce(name: string): string {
  return (
    `${name} has several statements under way at once, on several connections (\`Promise.all\`): one of them waits for a lock, and others that may end the wait are not sent. ` +
    "Here the statements of one session go one after another. To race them with each other, make each of them a session: `sessions: [() => one(), () => two()]`."
  );
}

function transactionsOn(count: number): string {
  return count === 1 ? "a transaction open on one connection" : `transactions open on ${count} connections`;
}
