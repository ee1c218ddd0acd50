import type { Query } from "../../src/testing/race-stage.ts";
import { everyAccess, usualAccess, type Access, type AccessKind } from "./access.ts";
import type { RaceServer } from "./race-servers.ts";

/** A way to talk to a server, and the server. */
export interface RaceCase {
  readonly name: string;
  readonly kind: RaceServer["kind"];
  readonly open: (connections?: number) => Access;
}

function casesOf(kinds: readonly AccessKind[], servers: readonly RaceServer[]): readonly RaceCase[] {
  return kinds.flatMap((access) =>
    servers
      .filter(({ kind }) => kind === access.server)
      .map((server) => ({
        name: access.name,
        kind: server.kind,
        open: (connections) => access.open(server.url, connections),
      })),
  );
}

/** Every way to talk to these servers, for `test.each`. */
export function everyCase(servers: readonly RaceServer[]): readonly RaceCase[] {
  return casesOf(everyAccess, servers);
}

/** The usual way to talk to each of these servers, for `test.each`. */
export function usualCases(servers: readonly RaceServer[]): readonly RaceCase[] {
  return casesOf(usualAccess, servers);
}

/** An application's access to its database for the length of the body; closed whatever happens. */
export async function withAccess<T>(
  { open }: RaceCase,
  body: (app: Access) => Promise<T>,
  connections?: number,
): Promise<T> {
  const app = open(connections);
  try {
    return await body(app);
  } finally {
    await app.close();
  }
}

/** The table `account(id, value)` with the rows 1: 10 and 2: 20, and an empty `entry(amount)`, as a race's set-up. */
export const accounts = `
  create table if not exists account (id int primary key, value int not null);
  create table if not exists entry (amount int not null);
  delete from account;
  delete from entry;
  insert into account values (1, 10), (2, 20)`;

/** Adds to an account by reading it and writing the sum. */
export function addNaively(app: Access, amount: number): Promise<number> {
  return app.transaction(async (send) => {
    const value = await valueOf(send, 1);
    await send("update account set value = $1 where id = $2", [value + amount, 1]);
    return value + amount;
  });
}

/** What an account holds. */
export async function valueOf(send: Access["query"], id: number, suffix = ""): Promise<number> {
  const { rows } = await send(`select value from account where id = $1${suffix}`, [id]);
  return Number(rows[0]?.value);
}

/** Adds to an account as {@link addNaively} does, and makes an entry of it. */
export function addWithEntry(app: Access, amount: number): Promise<void> {
  return app.transaction(async (send) => {
    const value = await valueOf(send, 1);
    await send("update account set value = $1 where id = $2", [value + amount, 1]);
    await send("insert into entry values ($1)", [amount]);
  });
}

/** Whether the first account holds what its entries say. */
export async function isBalanced(query: Query): Promise<boolean> {
  const { rows } = await query("select coalesce(sum(amount), 0) as total from entry");
  return (await holds(query, 1)) === 10 + Number(rows[0]?.total);
}

/** What an account holds, by a race's own question. */
export async function holds(query: Query, id: number): Promise<number> {
  const { rows } = await query("select value from account where id = $1", [id]);
  return Number(rows[0]?.value);
}

/** An invariant: the accounts hold this, from the first one on. */
export function accountsHold(...values: readonly number[]): (query: Query) => Promise<boolean> {
  return async (query) => {
    for (const [i, value] of values.entries()) if ((await holds(query, i + 1)) !== value) return false;
    return true;
  };
}
