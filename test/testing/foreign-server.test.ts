import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { everyAccess, usualAccess } from "../support/access.ts";
import { accounts, addWithEntry, holds, isBalanced } from "../support/race-apps.ts";
import { serverUrls, type SharedServer } from "../support/servers.ts";

const name = `race_${process.pid}`;

/** Databases on the suite's own servers, which this process has not started. */
const servers = serverUrls();

function urlOf({ url }: SharedServer, user?: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  if (user !== undefined) {
    address.username = user;
    address.password = "plain";
  }
  return address.href;
}

async function send(server: SharedServer, statements: readonly string[]): Promise<void> {
  const access = usualAccess.find(({ server: kind }) => kind === server.kind);
  const app = access?.open(server.url);
  try {
    for (const sql of statements) await app?.query(sql);
  } finally {
    await app?.close();
  }
}

beforeAll(async () => {
  for (const server of servers)
    await send(server, [
      `create database ${name}`,
      ...(server.kind === "postgres"
        ? [`create role ${name} login password 'plain'`, `alter database ${name} owner to ${name}`]
        : [`create user ${name} identified by 'plain'`, `grant all on ${name}.* to ${name}`]),
    ]);
});

afterAll(async () => {
  for (const server of servers)
    await send(server, [
      `drop database ${name}${server.kind === "postgres" ? " with (force)" : ""}`,
      server.kind === "postgres" ? `drop role ${name}` : `drop user ${name}`,
    ]);
});

const users = servers.flatMap((server) =>
  [undefined, name].map((user) => ({
    server,
    user,
    kind: server.kind,
    who: user === undefined ? "superuser" : "plain user",
  })),
);

describe.each(users)("on a foreign $kind as $who", ({ server, user }) => {
  const open = everyAccess.find((access) => access.server === server.kind)?.open;

  test("a race is found, and what has none passes where sessions wait for locks", async () => {
    const app = open?.(urlOf(server, user));
    if (app === undefined) throw new Error("there is no access");
    try {
      const naive = await explore(app.database, {
        setup: accounts,
        isolation: "read committed",
        sessions: [() => addWithEntry(app, 1), () => addWithEntry(app, 2)],
        invariant: isBalanced,
      });
      expect(naive.finding).toMatchObject({ statements: 6, switches: 2 });
      expect(naive.finding?.diagnosis?.cause).toBe("level");
      expect(naive.finding?.diagnosis?.remedies.map((remedy) => remedy.name)).not.toContain("unique index");
      const fixed = await explore(app.database, {
        setup: accounts,
        sessions: [1, 2].map(
          (amount) => () => app.query("update account set value = value + $1 where id = 1", [amount]),
        ),
        invariant: async (query) => (await holds(query, 1)) === 13,
      });
      expect(fixed).toMatchObject({ valid: true, complete: true, notes: [] });
    } finally {
      await app.close();
    }
  });
});
