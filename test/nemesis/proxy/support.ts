import type { Connection, Database } from "../../../src/clients/database.ts";
import type { OpenOptions } from "../../../src/clients/open-database.ts";
import { parseTarget } from "../../../src/clients/target.ts";
import { openProxy } from "../../../src/nemesis/proxy/open-proxy.ts";
import type { Proxy } from "../../../src/nemesis/proxy/proxy.ts";
import { stream } from "../../../src/random/rng.ts";
import { clock, createAccounts, withDatabase, withSessions } from "../../support/databases.ts";
import type { SharedServer } from "../../support/servers.ts";

/** The table of accounts, and a proxy that the sessions come through; all of it is gone afterwards. */
export async function throughProxy<T>(
  server: SharedServer,
  body: (proxy: Proxy, database: Database) => Promise<T>,
  options: Partial<OpenOptions> = {},
): Promise<T> {
  const proxy = await openProxy(parseTarget(server.url), clock, stream("1", "proxy"));
  try {
    return await withDatabase(
      server,
      async (database) => {
        await createAccounts(database);
        return body(proxy, database);
      },
      { through: proxy, ...options },
    );
  } finally {
    await proxy.close();
  }
}

/** A session in a transaction that has set account 1 to 11. */
export async function changed(database: Database): Promise<Connection> {
  const session = await database.connect("read-committed");
  await session.begin("read-committed");
  await session.query("update account set value = 11 where id = 1");
  return session;
}

/** Account 1 as another session sees it. */
export async function valueOf(database: Database): Promise<unknown> {
  return withSessions(database, "read-committed", 1, async (session) => {
    return (await session.query("select value from account where id = 1")).rows[0]?.value;
  });
}

/** How long it takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = clock.nanos();
  await work();
  return (clock.nanos() - start) / 1e6;
}

export const isCommit = (sql: string): boolean => /^commit$/i.test(sql);

export const never: AbortSignal = new AbortController().signal;
