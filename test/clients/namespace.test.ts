import { describe, expect, test } from "vitest";

import { EnvironmentError } from "../../src/clients/database-error.ts";
import type { Database } from "../../src/clients/database.ts";
import { lockKey, namespaceName } from "../../src/clients/namespace.ts";
import { openDatabase } from "../../src/clients/open-database.ts";
import { clock, createAccounts, freshRun, withDatabase } from "../support/databases.ts";
import { serverUrls, type SharedServer } from "../support/servers.ts";

test.each(["", "A1", "a b", "a-b", 'a"', "a".repeat(41)])("%j cannot name a run", (run) => {
  expect(() => namespaceName(run)).toThrow(EnvironmentError);
});

test("a name's lock key is a signed 64-bit integer, the same for ever", () => {
  expect(lockKey("isolab_a1b2c3d4")).toBe(lockKey("isolab_a1b2c3d4"));
  expect(lockKey("isolab_a1b2c3d4")).not.toBe(lockKey("isolab_a1b2c3d5"));
  expect(BigInt.asIntN(64, BigInt(lockKey("isolab_x")))).toBe(BigInt(lockKey("isolab_x")));
});

describe.each(serverUrls())("the namespace of a run on $kind", (server) => {
  const schemas =
    server.dialect === "mysql"
      ? "select schema_name as name from information_schema.schemata"
      : "select nspname as name from pg_namespace";

  /** Asks somebody else: a run of its own, which leaves nothing behind. */
  async function names(): Promise<readonly unknown[]> {
    return asStranger(server, async (query) => (await query(schemas)).map((row) => row.name));
  }

  test("is there while the run is, and gone after it", async () => {
    const run = freshRun();
    await withDatabase(
      server,
      async () => {
        expect(await names()).toContain(`isolab_${run}`);
      },
      { run },
    );
    expect(await names()).not.toContain(`isolab_${run}`);
  });

  test("two runs at once do not see each other's tables, nor clear them away", async () => {
    await withDatabase(server, async (first) => {
      await createAccounts(first);
      await withDatabase(server, async (second) => {
        await createAccounts(second);
        await second.execute(["delete from account"]);
      });
      const a = await first.connect("read-committed");
      expect((await a.query("select count(*) as n from account")).rows).toEqual([{ n: 2 }]);
      await a.close();
    });
  });

  test("many runs can open and close at the same time", async () => {
    await Promise.all(Array.from({ length: 6 }, () => withDatabase(server, createAccounts)));
  });

  test("another run that looks at the name for a moment is waited for", async () => {
    const run = freshRun();
    const [take, give] =
      server.dialect === "mysql"
        ? [`do get_lock('isolab_${run}', 0)`, `do release_lock('isolab_${run}')`]
        : ["lock", "unlock"].map((verb) => `select pg_advisory_${verb}(${lockKey(`isolab_${run}`)}::bigint)`);
    await asStranger(server, async (query) => {
      await query(take ?? "");
      const opened = withDatabase(server, () => Promise.resolve("open"), { run });
      await clock.sleep(100);
      await query(give ?? "");
      expect(await opened).toBe("open");
    });
  });

  test("the same name cannot be used by two living runs", async () => {
    const run = freshRun();
    await withDatabase(
      server,
      async (database) => {
        await createAccounts(database);
        const second = openDatabase({ url: server.url, run, clock });
        await expect(second).rejects.toThrow(EnvironmentError);
        await expect(second).rejects.toThrow(/Another run is using/);
        const a = await database.connect("read-committed");
        expect((await a.query("select count(*) as n from account")).rows).toEqual([{ n: 2 }]);
        await a.close();
      },
      { run },
    );
  });

  test("what a killed run left is cleared away by the next one", async () => {
    const run = freshRun();
    await abandon(server, run);
    await withDatabase(server, () => Promise.resolve());
    expect(await names()).not.toContain(`isolab_${run}`);
  });

  test("what a killed run of the same name left is replaced", async () => {
    const run = freshRun();
    await abandon(server, run);
    await withDatabase(server, createAccounts, { run });
    expect(await names()).not.toContain(`isolab_${run}`);
  });

  test.each([
    ["empty", []],
    ["with a table in it", ["create table NS.mine (id int)"]],
    ["with a marker that is none", ["create table NS.isolab_marker (id int)"]],
    [
      "with the marker of another run",
      [
        "create table NS.isolab_marker (run varchar(40), host varchar(40), pid int, created varchar(40))",
        "insert into NS.isolab_marker values ('other', 'h', 1, 'now')",
      ],
    ],
  ])("refuses a foreign one, %s, and never clears it away", async (_, statements) => {
    const run = freshRun();
    const name = `isolab_${run}`;
    await asStranger(server, async (query) => {
      await query(`create ${server.dialect === "mysql" ? "database" : "schema"} ${name}`);
      for (const sql of statements) await query(sql.replaceAll("NS", name));
      try {
        const opening = openDatabase({ url: server.url, run, clock });
        await expect(opening).rejects.toThrow(EnvironmentError);
        await expect(opening).rejects.toThrow(/was not made by isolab and is left alone/);
        await withDatabase(server, () => Promise.resolve());
        expect(await names()).toContain(name);
        // The refusal left no lock behind either.
        await expect(openDatabase({ url: server.url, run, clock })).rejects.toThrow(/not made by isolab/);
      } finally {
        await query(
          `drop ${server.dialect === "mysql" ? "database" : "schema"} ${name}${server.dialect === "mysql" ? "" : " cascade"}`,
        );
      }
    });
  });

  test("is not dropped at the end when its marker is gone", async () => {
    const run = freshRun();
    const warnings: string[] = [];
    await withDatabase(server, (database) => database.execute(["drop table isolab_marker"]), {
      run,
      onWarning: (sentence) => warnings.push(sentence),
    });
    expect(warnings.join()).toMatch(/has lost its marker and is left alone/);
    await asStranger(server, async (query) => {
      await query(`drop ${server.dialect === "mysql" ? "database" : "schema"} isolab_${run}`);
    });
  });

  test("the user's own tables cannot be meant by accident", async () => {
    const name = `precious_${freshRun()}`;
    const place = server.dialect === "mysql" ? `${name}.${name}` : `public.${name}`;
    await asStranger(server, async (query) => {
      if (server.dialect === "mysql") await query(`create database ${name}`);
      await query(`create table ${place} (id int)`);
      try {
        await withDatabase(server, async (database) => {
          await expect(database.execute([`drop table ${name}`])).rejects.toThrow(/undefined-table/);
          await database.execute([`create table ${name} (other int)`]);
        });
        expect(await query(`select id from ${place}`)).toEqual([]);
      } finally {
        await query(server.dialect === "mysql" ? `drop database ${name}` : `drop table ${place}`);
      }
    });
  });

  test("is dropped although a forgotten session still holds a lock in it", async () => {
    const run = freshRun();
    const warnings: string[] = [];
    const forgotten = await withDatabase(
      server,
      async (database) => {
        await createAccounts(database);
        const session = await database.connect("read-committed");
        await session.begin("read-committed");
        await session.query("update account set value = 0");
        return session;
      },
      { run, onWarning: (sentence) => warnings.push(sentence) },
    );
    expect(warnings).toEqual([]);
    expect(await names()).not.toContain(`isolab_${run}`);
    await forgotten.close();
  });
});

type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Work of somebody else, with rights of their own. */
async function asStranger<T>(server: SharedServer, body: (query: Query) => Promise<T>): Promise<T> {
  return withDatabase(server, async (database) => {
    const session = await database.connect("read-committed");
    try {
      return await body(async (sql) => (await session.query(sql)).rows);
    } finally {
      await session.close();
    }
  });
}

/** A run whose process dies: its sessions end, and nobody drops anything. */
async function abandon(server: SharedServer, run: string): Promise<void> {
  const database: Database = await openDatabase({ url: server.url, run, clock, onWarning: () => undefined });
  await createAccounts(database);
  const sql =
    server.dialect === "mysql"
      ? `select id from information_schema.processlist where db = 'isolab_${run}'`
      : `select pid as id from pg_stat_activity where application_name like 'isolab_${run}%'`;
  await asStranger(server, async (query) => {
    expect(await query(`select id from isolab_${run}.account`)).toHaveLength(2);
    for (const { id } of await query(sql))
      await query(
        server.dialect === "mysql" ? `kill ${Number(id)}` : `select pg_terminate_backend(${Number(id)})`,
      );
    while ((await query(sql)).length > 0) await clock.sleep(1);
  });
}
