import { connect, createServer, type AddressInfo } from "node:net";

import { expect } from "vitest";

import { openWire } from "../../../../src/clients/mysql/wire.ts";
import { classify } from "../../../../src/clients/mysql/errors.ts";
import type { Session } from "../../../../src/clients/session.ts";
import { parseTarget } from "../../../../src/clients/target.ts";
import { clock, failure, withSessions } from "../../../support/databases.ts";
import {
  type Arena,
  beginMarked,
  changed,
  exhausted,
  expectNothingLeft,
  type Produced,
  type Provocation,
  refusedConnection,
  type Theme,
} from "../provocation.ts";
import { marker } from "./refuses.ts";
import { withSessionAt } from "./session-at.ts";

/** Who may connect, and who may do what. A server of its own, for all of it counts for the whole server. */
export const accounts: Theme = {
  name: "accounts and limits",
  settings: { "max-user-connections": "2", "max-connections": "12" },
  provocations: [
    refusedUrl("1045", "a wrong password", (url) => (url.password = "wrong")),
    refusedUrl("1049", "a database that is not there", (url) => (url.pathname = "/nowhere")),
    {
      code: "1044",
      how: "a database that the user may not use",
      provoke: async (arena) => {
        const user = await account(arena, "");
        return [
          { error: await refusedConnection(changed(user, (u) => (u.pathname = "/mysql"))), phase: "connect" },
        ];
      },
    },
    {
      code: "1698",
      how: "an account `IDENTIFIED VIA unix_socket`, over TCP",
      provoke: async (arena) => {
        const user = await account(arena, "", "identified via unix_socket");
        return [{ error: await refusedConnection(user), phase: "connect" }];
      },
    },
    {
      code: "1130",
      how: "a connection from an address that no account has",
      obstacle: () =>
        process.platform === "linux" ? undefined : "Another address of this machine is tried on Linux only.",
      provoke: async ({ server }) => {
        const proxy = await fromOtherAddress(Number(new URL(server.url).port));
        const url = changed(server.url, (u) => (u.port = String(proxy.port)));
        const error = await refusedConnection(url);
        await proxy.close();
        return [{ error, phase: "connect" }];
      },
    },
    denied("1142", "SELECT of a table without the right to", "insert", "select * from marker"),
    denied(
      "1143",
      "SELECT of a column without the right to",
      "select (id)",
      "select id, n from wide",
      "wide",
    ),
    denied("1227", "SHUTDOWN without the right to", "select", "shutdown"),
    {
      code: "1290",
      how: "COMMIT, and a write, after `read_only` was set for the server",
      provoke: async (arena) => {
        const { database } = arena;
        await database.execute([marker]);
        const user = await account(arena, "grant all on {namespace}.* to {user}");
        return withSessions(database, "read-committed", 1, async (root) =>
          asUser(arena, user, async (a) => {
            await beginMarked(a);
            await root.query("set global read_only = on");
            const atCommit = await failure(a.commit());
            await expectNothingLeft(root);
            const alone = await failure(a.query("insert into marker values (1)"));
            await a.begin("read-committed");
            const inside = await failure(a.query("insert into marker values (1)"));
            await a.rollback();
            await root.query("set global read_only = off");
            await expectNothingLeft(root);
            return [
              { error: atCommit, phase: "commit" },
              { error: alone, phase: "autocommit" },
              { error: inside, phase: "statement" },
            ];
          }),
        );
      },
    },
    {
      code: "1226",
      how: "COMMIT as one statement more than `MAX_QUERIES_PER_HOUR`",
      provoke: async (arena) => {
        const { database } = arena;
        await database.execute([marker]);
        const limit = 5;
        const user = await account(
          arena,
          `grant all on {namespace}.* to {user} with max_queries_per_hour ${limit}`,
        );
        return withSessions(database, "read-committed", 1, async (root) => {
          const produced = await asUser(arena, user, async (a) => {
            await beginMarked(a);
            for (let used = 2; used < limit; used += 1) await a.query("do 0");
            const error = await failure(a.commit());
            // ROLLBACK was refused too: nothing may fall into the transaction that is still open.
            expect(a.usable).toBe(false);
            return [{ error, phase: "commit" as const }];
          });
          await expectNothingLeft(root);
          return produced;
        });
      },
    },
    {
      code: "1226",
      how: "one session more than an account's MAX_USER_CONNECTIONS",
      provoke: async (arena) => {
        const user = await account(arena, "grant usage on *.* to {user} with max_user_connections 1");
        return [{ error: await exhausted(() => openAs(user)), phase: "connect" }];
      },
    },
    {
      code: "1203",
      how: "one session more than the server's `max_user_connections`",
      provoke: async (arena) => {
        const user = await account(arena, "");
        return [{ error: await exhausted(() => openAs(user)), phase: "connect" }];
      },
    },
    {
      code: "1040",
      how: "one session more than `max_connections`",
      provoke: async ({ database }) => [
        { error: await exhausted(() => database.connect("read-committed")), phase: "connect" },
      ],
    },
  ],
};

function refusedUrl(code: string, how: string, change: (url: URL) => void): Provocation {
  return {
    code,
    how,
    provoke: async ({ server }) => [
      { error: await refusedConnection(changed(server.url, change)), phase: "connect" },
    ],
  };
}

/** A statement that the account may not carry out, alone and inside a transaction. */
function denied(code: string, how: string, right: string, sql: string, table = "marker"): Provocation {
  return {
    code,
    how,
    provoke: async (arena) => {
      await arena.database.execute([marker, "create table wide (id int, n int) engine = innodb"]);
      const user = await account(arena, `grant ${right} on {namespace}.${table} to {user}`);
      return asUser(arena, user, async (a): Promise<readonly Produced[]> => {
        const alone = await failure(a.query(sql));
        await a.begin("read-committed");
        const inside = await failure(a.query(sql));
        await a.rollback();
        return [
          { error: alone, phase: "autocommit" },
          { error: inside, phase: "statement" },
        ];
      });
    },
  };
}

let count = 0;

/** The server's URL as a new account, which may do what one GRANT says. */
async function account(
  { server, database }: Arena,
  grant: string,
  identified = "identified by 'pw'",
): Promise<string> {
  count += 1;
  const name = `account${count}`;
  const user = `${name}@'127.0.0.1'`;
  const namespace = await namespaceOf(database);
  await database.execute([
    `create user ${user} ${identified}`,
    ...(grant === "" ? [] : [grant.replace("{namespace}", namespace).replace("{user}", user)]),
  ]);
  return changed(server.url, (url) => {
    url.username = name;
    url.password = "pw";
  });
}

async function namespaceOf(database: Arena["database"]): Promise<string> {
  return withSessions(database, "read-committed", 1, async (a) =>
    String((await a.query("select database() as name")).rows[0]?.name),
  );
}

async function asUser<T>(
  { database }: Arena,
  url: string,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  return withSessionAt(url, await namespaceOf(database), body);
}

/** A session in no database. @throws DatabaseError */
async function openAs(url: string): Promise<{ close(): Promise<void> }> {
  const target = parseTarget(url);
  const wire = await openWire({ target, database: undefined, connectTimeoutMs: 10_000, clock }).catch(
    (error: unknown) => {
      throw classify(error, "connect", true);
    },
  );
  return { close: () => wire.end() };
}

/** Takes connections and hands them on from 127.0.0.2. */
async function fromOtherAddress(to: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((client) => {
    const upstream = connect({ port: to, host: "127.0.0.1", localAddress: "127.0.0.2" });
    for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}
